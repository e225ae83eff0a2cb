import type { ComponentChildren, JSX } from 'preact';

export interface SwitchProps {
  readonly children: ComponentChildren;
  readonly value: boolean;
  onChange(value: boolean): void;
}

export const Switch = ({ children, value, onChange }: SwitchProps): JSX.Element => (
  <label class="switch">
    <input
      type="checkbox"
      role="switch"
      checked={value}
      aria-checked={value}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    {children}
  </label>
);
