import { checkKeys } from '@fastweights/core';
import {
  crewOfLearners,
  LEARNERS_KEYS,
  type LearnerContext,
  type LearnersOptions,
  learnerOf,
} from '../agents/learners.ts';
import { runCrewWorker } from './run-crew-worker.ts';
import { type StartCrewOptions, startCrew } from './start-crew.ts';

/**
 * Starts worker threads that learn together, as `startCrew` does: one that dies costs what it lived through since its last
 * update.
 *
 * @throws WorkerLostError when one dies again and again without living through a frame
 */
export async function startLearners<Result = unknown>(
  options: LearnersOptions<StartCrewOptions>,
): Promise<(Result | undefined)[]> {
  checkKeys('startLearners', options, [...LEARNERS_KEYS, 'module', 'execArgv', 'resourceLimits']);
  const { memory, ...crew } = options;
  return startCrew<Result>({ ...crew, ...crewOfLearners(memory, crew.data) });
}

/** The work of a worker thread that `startLearners` has started. */
export const runLearner = <Data>(work: (context: LearnerContext<Data>) => unknown): Promise<void> =>
  runCrewWorker((context) => work(learnerOf<Data>(context)));
