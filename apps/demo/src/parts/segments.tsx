import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

export interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly choices: readonly T[];
  readonly words?: Readonly<Partial<Record<T, string>>>;
  readonly value: T;
  onChange(value: T): void;
}

// Ids of Preact's are unique in one tree, and each scene is a tree of its own.
let groups = 0;

/** A choice of a few, side by side: native radio buttons under words. */
export function Segments<T extends string>(props: SegmentsProps<T>): JSX.Element {
  const { label, choices, words, value, onChange } = props;
  const [name] = useState(() => `segments-${++groups}`);
  return (
    <span class="segments" role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={choice === value}
            onChange={() => onChange(choice)}
          />
          <span>{words?.[choice] ?? choice}</span>
        </label>
      ))}
    </span>
  );
}
