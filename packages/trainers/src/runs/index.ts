// Run directories: what a training leaves on disk, for Node.

export type { RefusedCheckpoint } from './checkpoint.ts';
export type { RunDescription } from './description.ts';
export type { Metric } from './metrics.ts';
export { type OpenRunOptions, openRun } from './open-run.ts';
export { listRuns, type RunList, type RunRecord, readRun } from './read-run.ts';
export type { Run } from './run.ts';
export { RunError, type RunProblem } from './run-error.ts';
export type { TrainingKind } from './training-kinds.ts';
