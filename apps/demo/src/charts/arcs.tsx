import type { JSX } from 'preact';
import { Chart } from './chart.tsx';
import { fixed } from './format.ts';
import { px } from './scale.ts';

export interface ArcsProps {
  /** One weight for each step before the query. */
  readonly weights: readonly number[];
  /** How many steps there are in all: the columns. */
  readonly steps: number;
  readonly label: string;
  /** The step (from 0) whose arc is lit. */
  readonly lit?: number | undefined;
}

const LABELS = 24;

/** From the query, at the column after the last weight, to each step before it: wider is stronger. */
export const Arcs = ({ weights, steps, label, lit }: ArcsProps): JSX.Element => (
  <Chart label={label} height={(width) => Math.min(190, Math.max(110, width * 0.34))}>
    {(width, height) => {
      const base = height - LABELS;
      const column = width / steps;
      const x = (i: number): number => px(column * (i + 0.5));
      const most = Math.max(...weights.map(Math.abs), 1e-9);
      const share = (i: number): number => Math.abs(weights[i] ?? 0) / most;
      const digits = column < 44 ? 1 : 2;
      const query = weights.length;
      const byStrength = weights.map((_, i) => i).sort((a, b) => share(a) - share(b));
      return (
        <>
          <line x1={0} x2={width} y1={base + 0.5} y2={base + 0.5} stroke="var(--line)" />
          {byStrength.map((i) => {
            const span = (x(query) - x(i)) / (column * (steps - 1 || 1));
            const top = Math.min(base - 8, span * (base - 8) * 0.72 + base * 0.26);
            const y = px(base - top * 1.32);
            const strong = share(i) > 0.5 || i === lit;
            return (
              <path
                key={i}
                d={`M${x(query)} ${base}C${x(query)} ${y} ${x(i)} ${y} ${x(i)} ${base}`}
                fill="none"
                stroke={strong ? 'var(--accent)' : 'var(--edge)'}
                stroke-width={px(0.8 + 8.2 * share(i))}
                opacity={strong ? 0.82 : 0.22 + share(i) * 0.5}
              />
            );
          })}
          {weights.map((weight, i) => (
            <text
              key={i}
              x={x(i)}
              y={height - 6}
              text-anchor="middle"
              class={share(i) > 0.5 ? 'on' : undefined}
            >
              {fixed(weight, column < 26 ? 0 : digits)}
            </text>
          ))}
          <text x={x(query)} y={height - 6} text-anchor="middle">
            {column < 44 ? 'now' : 'query'}
          </text>
        </>
      );
    }}
  </Chart>
);
