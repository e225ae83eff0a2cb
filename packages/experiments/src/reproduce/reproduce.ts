import { checkInteger, checkKeys } from '@fastweights/core';
import type { PlannedRun } from '../tables/plan.ts';
import type { RunResult } from './run-result.ts';

/** Where runs are kept, by the hash of their config. */
export interface RunStore<Result = RunResult> {
  /** The result of a finished run, `begun` where one can be resumed, undefined where there is none. */
  find(hash: string): Promise<Result | 'begun' | undefined>;
}

export interface RunContext {
  /** Whether it was begun before, and goes on. */
  readonly resume: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Trains one run to its end, tests it once and keeps the result; nothing if the signal ended it before, when it can be
 * resumed.
 */
export type RunOne<Run = PlannedRun, Result = RunResult> = (
  run: Run,
  context: RunContext,
) => Promise<Result | undefined>;

export type ReproduceEvent<Run = PlannedRun, Result = RunResult> = Told<Result> & At<Run>;

interface At<Run> {
  readonly run: Run;
  /** Which one of the plan, from 0. */
  readonly index: number;
  readonly of: number;
}

export interface ReproduceOptions<Run = PlannedRun, Result = RunResult> {
  readonly store: RunStore<Result>;
  readonly signal?: AbortSignal | undefined;
  /** How many runs are trained side by side; default 1. `runOne` is then called again before it has answered. */
  readonly parallel?: number;
  onEvent?(event: ReproduceEvent<Run, Result>): unknown;
}

export type RunOutcome<Run = PlannedRun, Result = RunResult> =
  | { readonly status: 'done'; readonly run: Run; readonly result: Result }
  | { readonly status: 'failed'; readonly run: Run; readonly error: unknown }
  /** The signal came first. */
  | { readonly status: 'left'; readonly run: Run };

/** What a plan has to know of a run: runs of one hash are one. */
interface Hashed {
  readonly hash: string;
}

/**
 * Goes through a plan: what is done is skipped, what was begun goes on, and where one run fails the others still get
 * their turn. Runs of equal configs are one. A failed run gets another chance the next time.
 */
export async function reproduce<Run extends Hashed = PlannedRun, Result extends object = RunResult>(
  plan: readonly Run[],
  runOne: RunOne<Run, Result>,
  options: ReproduceOptions<Run, Result>,
): Promise<RunOutcome<Run, Result>[]> {
  checkKeys('reproduce', options, ['store', 'signal', 'parallel', 'onEvent']);
  const { store, signal, parallel = 1, onEvent } = options;
  checkInteger('parallel', parallel, 1);
  const outcomes = new Map<string, RunOutcome<Run, Result>>();
  const waiting = [...plan.entries()].filter(
    ([index, { hash }]) => plan.findIndex((run) => run.hash === hash) === index,
  );
  async function workOff(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, run] = next;
      const tell = (event: Told<Result>): unknown =>
        onEvent?.({ ...event, run, index, of: plan.length });
      outcomes.set(run.hash, await outcomeOf(run, { runOne, store, signal, tell }));
    }
  }
  const lanes = Array.from({ length: parallel }, () =>
    workOff().catch((error: unknown) => {
      // Only a listener throws here: nothing more is begun, and what is being trained may end.
      waiting.length = 0;
      throw error;
    }),
  );
  for (const lane of await Promise.allSettled(lanes)) {
    if (lane.status === 'rejected') throw lane.reason;
  }
  return plan.map((run) => ({ ...(outcomes.get(run.hash) as RunOutcome<Run, Result>), run }));
}

type Told<Result> =
  | { readonly kind: 'found' | 'finished'; readonly result: Result }
  | { readonly kind: 'started' | 'resumed' | 'interrupted' }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Surroundings<Run, Result> {
  readonly runOne: RunOne<Run, Result>;
  readonly store: RunStore<Result>;
  readonly signal: AbortSignal | undefined;
  tell(event: Told<Result>): unknown;
}

async function outcomeOf<Run extends Hashed, Result extends object>(
  run: Run,
  around: Surroundings<Run, Result>,
): Promise<RunOutcome<Run, Result>> {
  const { runOne, store, signal, tell } = around;
  try {
    const found = await store.find(run.hash);
    if (typeof found === 'object') {
      await tell({ kind: 'found', result: found });
      return { status: 'done', run, result: found };
    }
    if (signal?.aborted) return { status: 'left', run };
    const resume = found === 'begun';
    await tell({ kind: resume ? 'resumed' : 'started' });
    const result = await runOne(run, { resume, signal });
    if (result) {
      await tell({ kind: 'finished', result });
      return { status: 'done', run, result };
    }
    if (!signal?.aborted) throw new Error('The run ended without a result.');
  } catch (error) {
    // What breaks because it is told to stop is no failure.
    if (!signal?.aborted) {
      await tell({ kind: 'failed', error });
      return { status: 'failed', run, error };
    }
  }
  await tell({ kind: 'interrupted' });
  return { status: 'left', run };
}
