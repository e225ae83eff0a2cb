import os from 'node:os';
import { type BackendName, useBackend } from '@fastweights/backends';
import type { PlannedRun } from '@fastweights/experiments';
import { oddRefusals } from '../odd-refusals.ts';
import { UsageError } from '../usage-error.ts';
import type { ReproduceOptions } from './reproduce-options.ts';
import type { RunFolder } from './run-folder.ts';

/** What computes the runs of a plan, and how many of them side by side. */
export interface WorkForce {
  readonly parallel: number;
  /** For runs that are begun now; those that were begun before stay where they were. */
  readonly firstBackend: BackendName;
  /** What somebody may not expect: a backend that does not work, or fewer runs side by side. */
  readonly notes: readonly string[];
}

/** One thread is one core to these; the others use all of them, or a GPU, for one run. */
const OF_ONE_CORE: readonly BackendName[] = ['wasm', 'cpu'];

/** A run takes some hundred megabytes at most. */
const BYTES_OF_RUN = 2 ** 30;

type Wishes = Pick<ReproduceOptions, 'workers' | 'parallel' | 'backend' | 'software'>;

/**
 * Chosen once for all runs of a plan: which backend is fastest is found out by a race, which under load has no fixed winner.
 *
 * @param todo runs that are not done
 */
export async function workForce(
  todo: readonly PlannedRun[],
  runs: RunFolder,
  wishes: Wishes,
): Promise<WorkForce> {
  const { workers, parallel: wanted, backend, software = false } = wishes;
  const most = Math.max(1, todo.length);
  checkParallel(wishes);
  // Threads of wasm share the cores among them; a race of all backends would be of no use.
  const isSettled = backend !== undefined || workers > 1 || (wanted ?? 1) > 1;
  const isRaced = !isSettled && todo.length > 0;
  const choice = isRaced ? await useBackend({ ...(software && { software }) }) : undefined;
  const firstBackend = choice?.name ?? backend ?? 'wasm';
  const notes = oddRefusals(choice?.refused ?? []);
  const elsewhere = backend === undefined ? await begunElsewhere(todo, runs) : undefined;
  if (elsewhere !== undefined) {
    const note = `a run was begun on ${elsewhere}, which uses all that there is for one run: one at a time. --backend wasm takes another backend.`;
    return { parallel: 1, firstBackend, notes: [...notes, ...(most > 1 ? [note] : [])] };
  }
  const isOfOneCore = OF_ONE_CORE.includes(firstBackend);
  const parallel = isOfOneCore ? Math.min(most, wanted ?? defaultParallel(workers)) : 1;
  return { parallel, firstBackend, notes };
}

/** @throws UsageError */
export function checkParallel({ backend, parallel = 1 }: Wishes): void {
  if (parallel === 1 || backend === undefined || OF_ONE_CORE.includes(backend)) return;
  throw new UsageError(
    `--parallel is for wasm and cpu: ${backend} uses all that there is for one run.`,
  );
}

export function defaultParallel(
  workers: number,
  cores: number = os.availableParallelism(),
  memory: number = os.totalmem(),
): number {
  const runs = Math.floor(cores / workers);
  return Math.max(1, Math.min(runs, Math.floor(memory / BYTES_OF_RUN)));
}

/** A backend that has no room for a second run, which one of these was begun on. */
async function begunElsewhere(
  todo: readonly PlannedRun[],
  runs: RunFolder,
): Promise<BackendName | undefined> {
  for (const { hash } of todo) {
    const begun = await runs.begun(hash).catch(() => undefined);
    const backend = begun?.sessions.at(-1)?.backend;
    if (backend !== undefined && !OF_ONE_CORE.includes(backend)) return backend;
  }
  return undefined;
}
