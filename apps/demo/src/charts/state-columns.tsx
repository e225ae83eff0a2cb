import type { JSX } from 'preact';
import { Chart } from './chart.tsx';
import { px } from './scale.ts';

export interface StateColumnsProps {
  /** h of every step: `[T][R]` */
  readonly states: readonly (readonly number[])[];
  /** How many steps have been; later ones are left empty. */
  readonly now: number;
  readonly label: string;
}

const HEIGHT = 148;
const WIDEST = 44;

/** One column of bars per step, under its tile, on one scale. */
export const StateColumns = ({ states, now, label }: StateColumnsProps): JSX.Element => (
  <Chart label={label} height={HEIGHT}>
    {(width) => {
      const column = width / states.length;
      const most = Math.max(...states.flat(), 1e-9);
      const units = states[0]?.length ?? 1;
      const row = HEIGHT / units;
      const wide = Math.min(WIDEST, column - 4);
      return states.map((state, step) => {
        const x = column * step + (column - wide) / 2;
        const has = step < now;
        const isNow = step === now - 1;
        const bars = state
          .map((value, unit) =>
            value > 0
              ? `M${px(x)} ${px(unit * row + row * 0.1)}h${px((value / most) * wide)}v${px(row * 0.8)}H${px(x)}z`
              : '',
          )
          .join('');
        return (
          <g key={step}>
            <line
              x1={px(x) - 0.5}
              x2={px(x) - 0.5}
              y1={0}
              y2={HEIGHT}
              stroke={has ? 'var(--edge)' : 'var(--line)'}
            />
            {has && (
              <path
                d={bars}
                fill={isNow ? 'var(--accent)' : 'var(--ink-3)'}
                opacity={isNow ? 1 : 0.78}
              />
            )}
          </g>
        );
      });
    }}
  </Chart>
);
