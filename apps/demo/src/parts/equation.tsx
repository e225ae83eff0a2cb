import type { ComponentChildren, JSX } from 'preact';

// An equation with this moment's numbers under its live terms.

export const Equation = ({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): JSX.Element => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset groups what is filled in
  <div class="equation" role="group" aria-label={label}>
    {children}
  </div>
);

export interface TermProps {
  readonly value: ComponentChildren;
  readonly children: ComponentChildren;
  /** Lights the part of the figure that the term stands for, on hover and on focus; off again with false. */
  onLight?(on: boolean): void;
}

export function Term({ value, children, onLight }: TermProps): JSX.Element {
  const inside = (
    <>
      <span class="symbol">{children}</span>
      <span class="value">{value}</span>
    </>
  );
  if (!onLight) return <span class="term">{inside}</span>;
  return (
    <button
      type="button"
      class="term"
      onMouseEnter={() => onLight(true)}
      onMouseLeave={() => onLight(false)}
      onFocus={() => onLight(true)}
      onBlur={() => onLight(false)}
    >
      {inside}
    </button>
  );
}

export const Sign = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <span class="sign">{children}</span>
);
