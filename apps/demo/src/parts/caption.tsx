import type { ComponentChildren, JSX } from 'preact';

export interface CaptionProps {
  readonly title: ComponentChildren;
  /** How to read the figure, in a few words; or a control. */
  readonly children?: ComponentChildren;
}

/** The heading of a chart: a row of 36 px, so that neighbours align. */
export const Caption = ({ title, children }: CaptionProps): JSX.Element => (
  <div class="caption">
    <span class="label">{title}</span>
    {typeof children === 'string' ? <small>{children}</small> : children}
  </div>
);
