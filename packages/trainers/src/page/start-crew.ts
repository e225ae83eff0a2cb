import { checkKeys } from '@fastweights/core';
import { CREW_KEYS, type CrewOptions, superviseCrew } from '../workers/crew.ts';
import { startPageThread } from './page-thread.ts';

export interface StartCrewOptions extends CrewOptions {
  /**
   * `() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })`: written out, so that bundlers see it. The module
   * calls `runCrewWorker`.
   */
  createWorker(): Worker;
}

/**
 * Starts module workers that do not wait for one another, and resolves to what their `runCrewWorker` returns when all have
 * ended. One that throws, closes itself or is killed is started anew.
 *
 * @throws WorkerLostError when one dies again and again without getting any further
 */
export async function startCrew<Result = unknown>(
  options: StartCrewOptions,
): Promise<(Result | undefined)[]> {
  checkKeys('startCrew', options, [...CREW_KEYS, 'createWorker']);
  return superviseCrew<Result>(options, (start, listener) =>
    startPageThread(options.createWorker, start, listener),
  );
}
