import type { Comparison } from './compare.ts';
import type { Family } from './draw-job.ts';
import type { Timing } from './race.ts';
import { groups } from './roster.ts';
import { describeSize } from './sizes.ts';

// Ratios are always peer / ours: above 1, ours is faster.

/** Which of ours the ratios of a family are against: the fused form where there is one. */
const ourGroups: Readonly<Record<Family, readonly string[]>> = {
  'fast weights': [groups.fused, groups.opByOp],
  LSTM: [groups.fusedLstm, groups.opByOpLstm],
};

const number = (value: number): string => value.toPrecision(3);

function best(timings: readonly Timing[], group: string): Timing | undefined {
  return timings
    .filter(({ contender }) => contender.group === group)
    .sort((a, b) => a.ms - b.ms)[0];
}

function ours(timings: readonly Timing[], family: Family): Timing | undefined {
  return ourGroups[family].map((group) => best(timings, group)).find((timing) => timing);
}

/** One row per group, the best of its forms; one column per size. */
export function summary(comparisons: readonly Comparison[]): string {
  const header = ['', ...comparisons.map(({ size }) => describeSize(size))];
  const rows = Object.values(groups).map((group) => [
    group,
    ...comparisons.map(({ timings }) => cell(timings, group)),
  ]);
  return table([header, ...rows.filter((row) => row.slice(1).some((text) => text !== '–'))]);
}

function cell(timings: readonly Timing[], group: string): string {
  const timing = best(timings, group);
  if (!timing) return '–';
  const base = ours(timings, timing.contender.family);
  const { threads, name } = timing.contender;
  const where = `${threads} thread${threads > 1 ? 's' : ''}`;
  if (!base) return `${number(timing.ms)} ms (${name}, ${where})`;
  const times = `${number(timing.ms / base.ms)}×`;
  return base === timing ? `1 (${number(timing.ms)} ms)` : `${times} (${name}, ${where})`;
}

/** Everyone at one size. */
export function details({ size, timings, agreements, absent }: Comparison): string {
  const errors = new Map(agreements.map(({ contender, error }) => [contender, error]));
  const rows = timings.map((timing) => {
    const { contender, ms, stepsPerRound, rounds } = timing;
    const base = ours(timings, contender.family);
    return [
      contender.name,
      contender.mode,
      `${contender.threads}`,
      number(ms),
      number(Math.min(...rounds)),
      base ? `${number(ms / base.ms)}×` : '–',
      `${Math.round(timing.spread * 100)} %`,
      `${rounds.length} × ${stepsPerRound}`,
      errors.get(contender.name)?.toExponential(0) ?? 'the reference',
    ];
  });
  const header = [
    'contender',
    'mode',
    'threads',
    'ms / step',
    'fastest round',
    'peer / ours',
    'spread of rounds',
    'rounds × steps',
    'gradients apart by',
  ];
  const missing = absent.map((text) => `- ${text}`).join('\n');
  return [`### ${describeSize(size)}`, table([header, ...rows]), missing].join('\n\n').trim();
}

export function table(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n');
}

export function versions(comparisons: readonly Comparison[]): Record<string, string> {
  const all = comparisons.flatMap(({ timings }) => timings.map(({ contender }) => contender));
  return Object.assign({}, ...all.map((contender) => contender.versions));
}
