import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface RangeProps {
  /** What stands above it; without it, `name` must say what it is. */
  readonly label?: ComponentChildren;
  readonly name?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value: number;
  /** The value in words, with its unit. */
  readonly text: string;
  readonly class?: string;
  onInput(value: number): void;
}

export function Range({ label, text, ...rest }: RangeProps): JSX.Element {
  const id = useId();
  if (label === undefined) return <Slider {...rest} text={text} />;
  return (
    <div class="range">
      <label for={id}>{label}</label>
      <b aria-hidden="true">{text}</b>
      <Slider {...rest} {...{ id, text }} />
    </div>
  );
}

function Slider(props: Omit<RangeProps, 'label'> & { readonly id?: string }): JSX.Element {
  const { id, name, min, max, step = 1, value, text, onInput } = props;
  const filled = max > min ? ((value - min) / (max - min)) * 100 : 0;
  return (
    <input
      type="range"
      id={id}
      class={props.class}
      aria-label={name}
      aria-valuetext={text}
      {...{ min, max, step, value }}
      style={{ '--filled': `${filled}%` }}
      onInput={({ currentTarget }) => onInput(currentTarget.valueAsNumber)}
    />
  );
}
