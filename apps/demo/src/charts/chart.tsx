import type { ComponentChildren, JSX } from 'preact';
import { useWidth } from './use-width.ts';

export interface ChartProps {
  /** What it shows, with its numbers, for those who do not see it. */
  readonly label: string;
  height: number | ((width: number) => number);
  children(width: number, height: number): ComponentChildren;
}

/** An SVG at the width that there is; its height is kept free from the start. */
export function Chart({ label, height, children }: ChartProps): JSX.Element {
  const [ref, width] = useWidth<HTMLDivElement>();
  const tall = typeof height === 'number' ? height : Math.round(height(width));
  return (
    <div class="chart" ref={ref} style={{ minHeight: `${tall}px` }}>
      {width > 0 && (
        <svg
          width={width}
          height={tall}
          viewBox={`0 0 ${width} ${tall}`}
          role="img"
          aria-label={label}
        >
          {children(width, tall)}
        </svg>
      )}
    </div>
  );
}
