import { checkInteger, checkKeys } from '@fastweights/core';
import type { PlannedRun } from '../tables/plan.ts';
import type { RunResult } from './run-result.ts';

/** Where runs are kept, by the hash of their config. */
export interface RunStore {
  /** The result of a finished run, `begun` where one can be resumed, undefined where there is none. */
  find(hash: string): Promise<RunResult | 'begun' | undefined>;
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
export type RunOne = (run: PlannedRun, context: RunContext) => Promise<RunResult | undefined>;

export type ReproduceEvent =
  | ({ readonly kind: 'found' | 'finished'; readonly result: RunResult } & At)
  | ({ readonly kind: 'started' | 'resumed' | 'interrupted' } & At)
  | ({ readonly kind: 'failed'; readonly error: unknown } & At);

interface At {
  readonly run: PlannedRun;
  /** Which one of the plan, from 0. */
  readonly index: number;
  readonly of: number;
}

export interface ReproduceOptions {
  readonly store: RunStore;
  readonly signal?: AbortSignal | undefined;
  /** How many runs are trained side by side; default 1. `runOne` is then called again before it has answered. */
  readonly parallel?: number;
  onEvent?(event: ReproduceEvent): unknown;
}

export type RunOutcome =
  | { readonly status: 'done'; readonly run: PlannedRun; readonly result: RunResult }
  | { readonly status: 'failed'; readonly run: PlannedRun; readonly error: unknown }
  /** The signal came first. */
  | { readonly status: 'left'; readonly run: PlannedRun };

/**
 * Goes through a plan: what is done is skipped, what was begun goes on, and where one run fails the others still get
 * their turn. Runs of equal configs are one. A failed run gets another chance the next time.
 */
export async function reproduce(
  plan: readonly PlannedRun[],
  runOne: RunOne,
  options: ReproduceOptions,
): Promise<RunOutcome[]> {
  checkKeys('reproduce', options, ['store', 'signal', 'parallel', 'onEvent']);
  const { store, signal, parallel = 1, onEvent } = options;
  checkInteger('parallel', parallel, 1);
  const outcomes = new Map<string, RunOutcome>();
  const waiting = [...plan.entries()].filter(
    ([index, { hash }]) => plan.findIndex((run) => run.hash === hash) === index,
  );
  async function workOff(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, run] = next;
      const tell = (event: Told): unknown =>
        onEvent?.({ ...event, run, index, of: plan.length } as ReproduceEvent);
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
  return plan.map((run) => ({ ...(outcomes.get(run.hash) as RunOutcome), run }));
}

type Told =
  | { readonly kind: 'found' | 'finished'; readonly result: RunResult }
  | { readonly kind: 'started' | 'resumed' | 'interrupted' }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Surroundings {
  readonly runOne: RunOne;
  readonly store: RunStore;
  readonly signal: AbortSignal | undefined;
  tell(event: Told): unknown;
}

async function outcomeOf(run: PlannedRun, around: Surroundings): Promise<RunOutcome> {
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
