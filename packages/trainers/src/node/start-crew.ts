import { checkKeys } from '@fastweights/core';
import { CREW_KEYS, type CrewOptions, superviseCrew } from '../workers/crew.ts';
import { startWorkerThread, type WorkerThreadOptions } from './worker-thread.ts';

export interface StartCrewOptions extends CrewOptions, WorkerThreadOptions {}

/**
 * Starts worker threads that do not wait for one another, and resolves to what their `runCrewWorker` returns when all have
 * ended. One that throws, exits, is killed or runs out of memory is started anew.
 *
 * @throws WorkerLostError when one dies again and again without getting any further
 */
export async function startCrew<Result = unknown>(
  options: StartCrewOptions,
): Promise<(Result | undefined)[]> {
  checkKeys('startCrew', options, [...CREW_KEYS, 'module', 'execArgv', 'resourceLimits']);
  return superviseCrew<Result>(options, (start, listener) =>
    startWorkerThread(options, start, listener),
  );
}
