import type { JSX } from 'preact';
import { Chart } from '../../charts/chart.tsx';
import { fixed } from '../../charts/format.ts';
import { px, through } from '../../charts/scale.ts';

export interface FadePlotProps {
  readonly decayRate: number;
  /** What has been written, oldest first. */
  readonly characters: readonly string[];
}

const HEIGHT = 180;
const LEFT = 30;
const AGES = 20;

/** λ to the age of a write: every character of the string on its place. */
export const FadePlot = ({ decayRate, characters }: FadePlotProps): JSX.Element => {
  const half = decayRate < 1 ? Math.log(0.5) / Math.log(decayRate) : undefined;
  const label =
    half === undefined
      ? 'Nothing fades: every write keeps its whole weight.'
      : `A write has half its weight after ${fixed(half, 1)} steps.`;
  return (
    <Chart label={label} height={HEIGHT}>
      {(width) => {
        const x = (age: number): number => px(LEFT + ((width - 40) * age) / AGES);
        const y = (weight: number): number => px(14 + (HEIGHT - 42) * (1 - weight));
        const curve = Array.from({ length: 4 * AGES + 1 }, (_, i): [number, number] => [
          x(i / 4),
          y(decayRate ** (i / 4)),
        ]);
        return (
          <>
            {[0, 0.5, 1].map((weight) => (
              <g key={weight}>
                <line
                  x1={LEFT}
                  x2={width}
                  y1={y(weight) + 0.5}
                  y2={y(weight) + 0.5}
                  stroke="var(--line)"
                />
                <text x={LEFT - 8} y={y(weight) + 4} text-anchor="end">
                  {weight}
                </text>
              </g>
            ))}
            {[0, 5, 10, 15, 20].map((age) => (
              <text
                key={age}
                x={age === AGES ? width : x(age)}
                y={HEIGHT - 8}
                text-anchor={age === AGES ? 'end' : 'middle'}
              >
                {age === AGES ? '20 steps' : age}
              </text>
            ))}
            {half !== undefined && half < AGES && (
              <line
                x1={x(half)}
                x2={x(half)}
                y1={y(0.5)}
                y2={y(0)}
                stroke="var(--accent)"
                stroke-dasharray="2 3"
              />
            )}
            <path d={through(curve)} fill="none" stroke="var(--accent)" stroke-width={2} />
            {characters.map((character, i) => {
              const age = characters.length - 1 - i;
              return (
                <g key={i}>
                  <circle cx={x(age)} cy={y(decayRate ** age)} r={3} fill="var(--accent)" />
                  {/* Above the curve and clear of it, also where it is steep. */}
                  <text class="letter" x={x(age) + 4} y={y(decayRate ** age) - 7}>
                    {character}
                  </text>
                </g>
              );
            })}
            <text
              class="on"
              x={half !== undefined && half < 12 ? x(half) + 8 : width}
              y={y(0) - 8}
              text-anchor={half !== undefined && half < 12 ? 'start' : 'end'}
            >
              {half === undefined ? 'nothing fades' : `half after ${fixed(half, 1)} steps`}
            </text>
          </>
        );
      }}
    </Chart>
  );
};
