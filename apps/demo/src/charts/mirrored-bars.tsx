import type { JSX } from 'preact';
import { Chart } from './chart.tsx';
import { px } from './scale.ts';

export interface MirroredBarsProps {
  readonly above: readonly number[];
  readonly below: readonly number[];
  readonly names: readonly [above: string, below: string];
  /** Which of the two is chosen. */
  readonly chosen: 'above' | 'below';
  readonly label: string;
}

const HEIGHT = 116;
const AXIS = 58;
const TALLEST = 50;

/** The same numbers twice, above and below the axis: symmetry is the proof that they are the same. */
export const MirroredBars = (props: MirroredBarsProps): JSX.Element => (
  <Chart label={props.label} height={HEIGHT}>
    {(width) => {
      const { above, below, names, chosen } = props;
      const left = width < 500 ? 0 : 128;
      const column = (width - left) / Math.max(above.length, 1);
      const most = Math.max(...above.map(Math.abs), ...below.map(Math.abs), 1e-9);
      const bars = (values: readonly number[], isAbove: boolean): string =>
        values
          .map((value, i) => {
            const tall = Math.max((Math.abs(value) / most) * TALLEST, 0.01);
            const y = isAbove ? AXIS - tall : AXIS + 4;
            return `M${px(left + i * column)} ${px(y)}h${px(column * 0.82)}v${px(tall)}h${px(-column * 0.82)}z`;
          })
          .join('');
      const side = (isAbove: boolean): JSX.Element => {
        const on = (chosen === 'above') === isAbove;
        return (
          <>
            <path
              d={bars(isAbove ? above : below, isAbove)}
              fill={on ? 'var(--accent)' : 'var(--ink-3)'}
              opacity={on ? 1 : 0.55}
            />
            {left > 0 && (
              <text x={0} y={isAbove ? 44 : 84} class={on ? 'on' : undefined}>
                {names[isAbove ? 0 : 1]}
              </text>
            )}
          </>
        );
      };
      return (
        <>
          {side(true)}
          {side(false)}
          <line x1={left} x2={width} y1={AXIS + 2} y2={AXIS + 2} stroke="var(--edge)" />
        </>
      );
    }}
  </Chart>
);
