import type { JSX } from 'preact';
import { Chart } from '../../charts/chart.tsx';
import { fixed } from '../../charts/format.ts';

export interface BarsProps {
  readonly names: readonly string[];
  /** From 0 to `most`; none yet where there are none. */
  readonly values: readonly number[] | undefined;
  readonly most: number;
  /** Marked by ticks. */
  readonly others?: readonly number[] | undefined;
  readonly label: string;
  readonly left: number;
}

const ROW = 27;
const RIGHT = 46;

/** Rows with a bar and its number: the largest in teal, the others grey. */
export const Bars = ({ names, values, most, others, label, left }: BarsProps): JSX.Element => (
  <Chart label={label} height={names.length * ROW}>
    {(width) => {
      const room = Math.max(width - left - RIGHT, 1);
      const best = values ? values.indexOf(Math.max(...values)) : -1;
      const share = (value: number): number => Math.min(Math.max(value / most, 0), 1);
      return names.map((name, i) => {
        const y = i * ROW;
        const value = values?.[i];
        const other = others?.[i];
        const on = i === best && (value ?? 0) > 0;
        return (
          <g key={name}>
            <text x={0} y={y + 17} class={on ? 'on' : undefined}>
              {name}
            </text>
            <rect x={left} y={y + 5} width={room} height={16} rx={2} fill="var(--sunken)" />
            {value !== undefined && (
              <rect
                x={left}
                y={y + 5}
                width={Math.max(share(value) * room, 1)}
                height={16}
                rx={2}
                fill={on ? 'var(--accent)' : 'var(--ink-3)'}
                opacity={on ? 1 : 0.65}
              />
            )}
            {other !== undefined && (
              <line
                x1={left + share(other) * room}
                x2={left + share(other) * room}
                y1={y + 2}
                y2={y + 24}
                stroke="var(--ink)"
                stroke-width={2}
              />
            )}
            <text x={width} y={y + 17} text-anchor="end" class={on ? 'on' : undefined}>
              {value === undefined ? '–' : fixed(value)}
            </text>
          </g>
        );
      });
    }}
  </Chart>
);
