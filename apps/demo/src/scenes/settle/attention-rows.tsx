import type { JSX } from 'preact';
import { Chart } from '../../charts/chart.tsx';
import { lowered } from '../../charts/format.ts';
import { px } from '../../charts/scale.ts';

export interface AttentionRowsProps {
  /** Shares of the steps before, for h₀ … h₅. */
  readonly shares: readonly (readonly number[])[];
  readonly characters: readonly string[];
  /** S: rows beyond are left empty. */
  readonly reads: number;
  readonly label: string;
  height(width: number): number;
}

const LEFT = 30;
const BELOW = 22;

/** One row of bars per read: how the attention shifts. */
export const AttentionRows = (props: AttentionRowsProps): JSX.Element => (
  <Chart label={props.label} height={props.height}>
    {(width, height) => {
      const { shares, characters, reads } = props;
      const tall = (height - BELOW) / shares.length;
      const wide = (width - LEFT) / Math.max(characters.length, 1);
      const most = Math.max(...shares.flat(), 0.2);
      const last = shares[reads] ?? [];
      const named = last
        .map((_, i) => i)
        .sort((a, b) => (last[b] ?? 0) - (last[a] ?? 0))
        .slice(0, 2);
      return (
        <>
          {shares.map((row, s) => {
            const base = px((s + 1) * tall - 6);
            const on = s === reads;
            return (
              <g key={s}>
                <text x={0} y={base} class={on ? 'on' : undefined} opacity={s > reads ? 0.5 : 1}>
                  h{lowered(s)}
                </text>
                <line x1={LEFT} x2={width} y1={base + 0.5} y2={base + 0.5} stroke="var(--line)" />
                {s <= reads &&
                  row.map((share, i) => {
                    const size = (share / most) * (tall - 16);
                    return (
                      <g key={i}>
                        <rect
                          x={px(LEFT + i * wide + 2)}
                          y={px(base - size)}
                          width={px(Math.max(wide - 4, 1))}
                          height={px(size)}
                          fill={on ? 'var(--accent)' : 'var(--ink-3)'}
                          opacity={on ? 1 : 0.6}
                        />
                        {on && share > 0 && named.includes(i) && (
                          <text
                            class="on"
                            x={px(LEFT + (i + 0.5) * wide)}
                            y={px(base - size - 4)}
                            text-anchor="middle"
                          >
                            {Math.round(share * 100)}
                          </text>
                        )}
                      </g>
                    );
                  })}
              </g>
            );
          })}
          {characters.map((character, i) => (
            <text
              key={i}
              class="letter"
              x={px(LEFT + (i + 0.5) * wide)}
              y={height - 3}
              text-anchor="middle"
            >
              {character}
            </text>
          ))}
        </>
      );
    }}
  </Chart>
);
