export type { LearnerContext, LearnersOptions } from '../agents/learners.ts';
export type { CrewContext, CrewOptions } from '../workers/crew.ts';
export { runLearner, startLearners } from './learners.ts';
export { runCrewWorker } from './run-crew-worker.ts';
export { runWorker, type WorkerContext } from './run-worker.ts';
export { type StartCrewOptions, startCrew } from './start-crew.ts';
export { type StartWorkersOptions, startWorkers } from './start-workers.ts';
