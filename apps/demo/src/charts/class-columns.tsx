import type { JSX } from 'preact';
import { Chart } from './chart.tsx';
import { percent } from './format.ts';

export interface ClassColumnsProps {
  readonly names: readonly string[];
  /** None yet: the columns are empty. */
  readonly probabilities: readonly number[] | undefined;
  readonly label: string;
}

const HEIGHT = 116;
const BASE = 92;
const TALLEST = 72;

/** Probabilities as columns; the winner in teal, with its number. */
export const ClassColumns = ({ names, probabilities, label }: ClassColumnsProps): JSX.Element => (
  <Chart label={label} height={HEIGHT}>
    {(width) => {
      const column = width / names.length;
      const best = probabilities?.indexOf(Math.max(...probabilities));
      return (
        <>
          {names.map((name, i) => {
            const on = i === best;
            const share = probabilities?.[i] ?? 0;
            const tall = Math.max(share * TALLEST, 1);
            const middle = column * (i + 0.5);
            const isLast = i === names.length - 1;
            return (
              <g key={name}>
                <rect
                  x={column * i + 3}
                  y={BASE - tall}
                  width={Math.max(column - 6, 1)}
                  height={tall}
                  fill={on ? 'var(--accent)' : 'var(--ink-3)'}
                  opacity={on ? 1 : 0.6}
                />
                <text x={middle} y={110} text-anchor="middle" class={on ? 'on' : undefined}>
                  {name}
                </text>
                {on && (
                  <text
                    class="on"
                    x={isLast ? width : Math.max(middle, 16)}
                    y={BASE - 6 - tall}
                    text-anchor={isLast ? 'end' : 'middle'}
                  >
                    {percent(share)}
                  </text>
                )}
              </g>
            );
          })}
          <line x1={0} x2={width} y1={BASE + 0.5} y2={BASE + 0.5} stroke="var(--edge)" />
        </>
      );
    }}
  </Chart>
);
