import type { JSX } from 'preact';
import { Chart } from '../../charts/chart.tsx';
import { raised, sized } from '../../charts/format.ts';
import { px, through } from '../../charts/scale.ts';

export interface MovesPlotProps {
  /** The size of each move. */
  readonly normalised: readonly number[];
  readonly plain: readonly number[];
}

const HEIGHT = 180;
const LEFT = 38;
const RIGHT = 96;
/** Powers of ten: a fixed frame, which divergence leaves. */
const [LOWEST, HIGHEST] = [-3, 4];

type Point = readonly [x: number, y: number];

/** Does it settle? The size of each move on a scale of powers of ten; what leaves the frame ends there with an arrow. */
export const MovesPlot = ({ normalised, plain }: MovesPlotProps): JSX.Element => {
  const [last = 0, lastPlain = 0] = [normalised.at(-1), plain.at(-1)];
  const label = `The last move has a size of ${sized(last)}; without layer norm, ${sized(lastPlain)}.`;
  return (
    <Chart label={label} height={HEIGHT}>
      {(width) => {
        const count = Math.max(normalised.length, 2);
        const x = (i: number): number => LEFT + ((width - LEFT - RIGHT) * i) / (count - 1);
        const y = (value: number): number => {
          const power = Math.log10(Math.min(Math.max(value, 10 ** LOWEST), Number.MAX_VALUE));
          return 22 + (HEIGHT - 50) * (1 - (power - LOWEST) / (HIGHEST - LOWEST));
        };
        const settled = normalised.map((value, i): Point => [x(i), y(value)]);
        const { points, leaves } = within(
          plain.map((value, i): Point => [x(i), y(value)]),
          12,
        );
        const end = points.at(-1) ?? [x(0), y(1)];
        return (
          <>
            {[-2, 0, 2, 4].map((power) => (
              <g key={power}>
                <line
                  x1={LEFT}
                  x2={width}
                  y1={px(y(10 ** power)) + 0.5}
                  y2={px(y(10 ** power)) + 0.5}
                  stroke="var(--line)"
                />
                <text x={LEFT - 8} y={px(y(10 ** power)) + 4} text-anchor="end">
                  {power === 0 ? '1' : `10${raised(power)}`}
                </text>
              </g>
            ))}
            {normalised.map((_, i) => (
              <text key={i} x={px(x(i))} y={HEIGHT - 8} text-anchor="middle">
                {i + 1}
              </text>
            ))}
            <path
              d={through(points)}
              fill="none"
              stroke="var(--pos)"
              stroke-width={2}
              stroke-dasharray="6 4"
            />
            {leaves && (
              <path d={`M${px(end[0]) - 5} ${px(end[1]) + 8}l5 -8l5 8z`} fill="var(--pos)" />
            )}
            <path d={through(settled)} fill="none" stroke="var(--accent)" stroke-width={2} />
            {settled.map(([cx, cy]) => (
              <circle key={cx} cx={px(cx)} cy={px(cy)} r={3} fill="var(--accent)" />
            ))}
            <text class="on" x={px(x(count - 1)) + 12} y={px(settled.at(-1)?.[1] ?? 0) + 4}>
              layer norm
            </text>
            <text
              class="without"
              x={px(end[0]) + 12}
              y={px(end[1]) + (leaves ? 10 : 4)}
              text-anchor="start"
            >
              {leaves ? 'without: off the scale' : 'without it'}
            </text>
          </>
        );
      }}
    </Chart>
  );
};

/** The points up to the frame's upper edge, and whether the line leaves it there. */
function within(all: readonly Point[], top: number): { points: Point[]; leaves: boolean } {
  const out = all.findIndex(([, y]) => y < top);
  if (out < 0) return { points: [...all], leaves: false };
  const before = all[out - 1];
  const [x = 0, y = 0] = all[out] ?? [];
  if (!before) return { points: [[x, top]], leaves: true };
  const share = (before[1] - top) / (before[1] - y);
  return {
    points: [...all.slice(0, out), [before[0] + (x - before[0]) * share, top]],
    leaves: true,
  };
}
