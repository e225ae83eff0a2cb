// Crews of module workers, for pages: the names of `@fastweights/trainers/node`.

export type { LearnerContext, LearnersOptions } from '../agents/learners.ts';
export type { CrewContext, CrewOptions } from '../workers/crew.ts';
export { runLearner, startLearners } from './learners.ts';
export { runCrewWorker } from './run-crew-worker.ts';
export { type StartCrewOptions, startCrew } from './start-crew.ts';
