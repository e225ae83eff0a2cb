import type { GrowthResult } from './growth-point.ts';
import { table } from './report.ts';

// Attention costs S T² H multiply-adds a sequence, the matrix T (2 + S) H²: equal at T = (2 + S) H / S, 3 H at S = 1.

/** For each number of units, lengths around the predicted crossover. */
export const crossoverSweeps = [8, 16, 32].map((units) =>
  [0.5, 1, 2, 3, 4, 6, 8].map((share) => ({
    batch: 16,
    time: Math.round(share * units),
    units,
    innerSteps: 1,
  })),
);

export function crossover(measured: readonly GrowthResult[]): string {
  const header = ['H', 'predicted T = 3 H', 'found T', 'attention / matrix at T = …'];
  const rows = crossoverSweeps.map((sweep) => {
    const units = sweep[0]?.units ?? 0;
    const ratios = sweep.map(({ time }) => ({ time, ratio: ratioAt(measured, units, time) }));
    const list = ratios.map(({ time, ratio }) => `${time}: ${ratio?.toFixed(2) ?? '–'}`);
    return [`${units}`, `${3 * units}`, whereOne(ratios), list.join(', ')];
  });
  return table([header, ...rows]);
}

function ratioAt(
  measured: readonly GrowthResult[],
  units: number,
  time: number,
): number | undefined {
  const at = measured.filter((point) => point.units === units && point.time === time);
  const attention = at.find(({ memory }) => memory === 'attention')?.ms;
  const matrix = at.find(({ memory }) => memory === 'matrix')?.ms;
  return attention && matrix && attention / matrix;
}

/** Where the ratio passes 1, between two lengths in proportion. */
function whereOne(ratios: readonly { time: number; ratio: number | undefined }[]): string {
  for (const [i, { time, ratio }] of ratios.entries()) {
    if (ratio === undefined || ratio < 1) continue;
    const before = ratios[i - 1];
    if (before?.ratio === undefined) return `below ${time}`;
    const share = (1 - before.ratio) / (ratio - before.ratio);
    return `${Math.round(before.time + share * (time - before.time))}`;
  }
  return `above ${ratios.at(-1)?.time}`;
}
