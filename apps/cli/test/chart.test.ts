import { describe, expect, it } from 'vitest';
import { type ChartMark, type ChartPoint, chart } from '../src/terminal/chart.ts';
import { textOf } from '../src/terminal/line.ts';

const goal: ChartMark = { y: 0.01, labels: ['the goal is 1 %', 'goal'], style: 'strong' };

function drawn(
  points: readonly ChartPoint[],
  { width = 31, height = 6, xMax = 100 } = {},
): string[] {
  const lines = chart(points, { width, height, xMax, xLabel: 'updates', marks: [goal] });
  return lines.map((line) => textOf(line).trimEnd());
}

describe('chart', () => {
  it('has its axes and its marks before there is anything to show', () => {
    expect(drawn([], { width: 43, xMax: 2000 })).toEqual([
      ' 100 %┤',
      '      │',
      '  30 %┤',
      '      │',
      '  10 %┤',
      '   1 %┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ the goal is 1 % ┄',
      '   0 %└─────────────────┴─────────────────┴',
      '       0                1,000 2,000 updates',
    ]);
  });

  it('shows a measurement on a square-root scale: 25 % is half way', () => {
    expect(drawn([{ x: 50, y: 0.25 }])).toEqual([
      ' 100 %┤',
      '      │',
      '  30 %┤',
      '      │            ●',
      '  10 %┤',
      '   1 %┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ goal ┄',
      '   0 %└───────────┴───────────┴',
      '       0            100 updates',
    ]);
  });

  it('joins measurements, and moves a label that is in their way', () => {
    const points = [
      { x: 10, y: 0.9 },
      { x: 100, y: 0.008 },
    ];
    expect(drawn(points)).toEqual([
      ' 100 %┤  ⠐⠢⢄⡀',
      '      │     ⠈⠑⠢⢄⡀',
      '  30 %┤         ⠈⠑⠢⢄⣀',
      '      │              ⠉⠒⠤⣀',
      '  10 %┤                  ⠉⠒⠤⣀',
      '   1 %┤┄ goal ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄⠉●',
      '   0 %└───────────┴───────────┴',
      '       0            100 updates',
    ]);
  });

  it('leaves a label out where the curve is at both ends', () => {
    const points = [0, 100].map((x) => ({ x, y: 0.01 }));
    expect(drawn(points)[5]).toMatch(/^ {3}1 %┤[^a-z]{24}$/);
  });

  it('keeps its axes and what was drawn when a measurement is added', () => {
    const points = [0.9, 0.7, 0.62, 0.3, 0.02].map((y, i) => ({ x: 20 * i, y }));
    for (const [i] of points.entries()) {
      const before = drawn(points.slice(0, i));
      const after = drawn(points.slice(0, i + 1));
      expect(after.slice(6)).toEqual(before.slice(6));
      for (const [row, line] of before.slice(0, 6).entries()) {
        expect(after[row]?.slice(0, 7)).toBe(line.slice(0, 7));
        for (const [column, character] of [...line].entries()) {
          if (/[⠁-⣿]/.test(character)) expect(after[row]?.[column]).toMatch(/[⠁-⣿●]/);
        }
      }
    }
  });

  it('is never wider than it may be, nor higher, and puts stray values at its edge', () => {
    const stray = [
      { x: 0, y: -1 },
      { x: 500, y: 7 },
    ];
    for (const width of [12, 20, 43, 120]) {
      for (const height of [5, 11, 18]) {
        const lines = drawn(stray, { width, height });
        expect(lines).toHaveLength(height + 2);
        for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines[0]?.endsWith('●')).toBe(true);
      }
    }
  });
});
