import type { AgentProgress } from './agent-options.ts';
import type { ReportSums } from './agent-state.ts';
import type { SharedCounts } from './shared-memory.ts';

/** What one update has come of, and what came of it. */
export interface Lesson {
  readonly frames: number;
  /** That have ended, … */
  readonly episodes: number;
  /** … and what they gave together. */
  readonly rewards: number;
  readonly loss: number;
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
}

const COUNTS = ['frames', 'updates', 'episodes'] as const;
const SUMS = [
  'reported',
  'updates',
  'episodes',
  'rewards',
  'loss',
  'policyLoss',
  'valueLoss',
  'entropy',
] as const satisfies readonly (keyof ReportSums)[];

/** How many numbers a ledger is made of. */
export const LEDGER: number = COUNTS.length + SUMS.length;

/** How far training is: counts, and sums since the last report; one list of numbers, so that workers may share it. */
export type Ledger = Float64Array;

export const newLedger = (): Ledger => new Float64Array(LEDGER);

export const countsOf = (ledger: Ledger): SharedCounts => record(COUNTS, ledger);

export const sumsOf = (ledger: Ledger): ReportSums => record(SUMS, ledger.subarray(COUNTS.length));

export function openLedger(
  ledger: Ledger,
  from: SharedCounts & { readonly sums: ReportSums },
): void {
  COUNTS.forEach((name, i) => {
    ledger[i] = from[name];
  });
  writeSums(ledger, from.sums);
}

/** Notes one update. */
export function note(ledger: Ledger, lesson: Lesson): void {
  const { frames, updates, episodes } = countsOf(ledger);
  const sums = sumsOf(ledger);
  openLedger(ledger, {
    frames: frames + lesson.frames,
    updates: updates + 1,
    episodes: episodes + lesson.episodes,
    sums: {
      reported: sums.reported,
      updates: sums.updates + 1,
      episodes: sums.episodes + lesson.episodes,
      rewards: sums.rewards + lesson.rewards,
      loss: sums.loss + lesson.loss,
      policyLoss: sums.policyLoss + lesson.policyLoss,
      valueLoss: sums.valueLoss + lesson.valueLoss,
      entropy: sums.entropy + lesson.entropy,
    },
  });
}

/** What is to be reported, if a report is due: sums then begin anew. */
export function takeReport(
  ledger: Ledger,
  every: number,
): Omit<AgentProgress, 'gradientNorm' | 'learningRate'> | undefined {
  const counts = countsOf(ledger);
  const sums = sumsOf(ledger);
  if (!hasPassed(sums.reported, counts.frames, every) || sums.episodes === 0) return undefined;
  const mean = (sum: number): number => sum / sums.updates;
  writeSums(ledger, { ...NOTHING, reported: counts.frames });
  return {
    ...counts,
    meanReward: sums.rewards / sums.episodes,
    loss: mean(sums.loss),
    policyLoss: mean(sums.policyLoss),
    valueLoss: mean(sums.valueLoss),
    entropy: mean(sums.entropy),
  };
}

/** Whether there is a multiple of `every` above `from`, up to `to`. */
export const hasPassed = (from: number, to: number, every: number): boolean =>
  Math.floor(to / every) > Math.floor(from / every);

const NOTHING: ReportSums = record(SUMS, new Float64Array(SUMS.length));

function writeSums(ledger: Ledger, sums: ReportSums): void {
  SUMS.forEach((name, i) => {
    ledger[COUNTS.length + i] = sums[name];
  });
}

function record<Name extends string>(
  names: readonly Name[],
  values: Float64Array,
): { readonly [N in Name]: number } {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as number])) as {
    [N in Name]: number;
  };
}
