export { type AdamOptions, adam } from './adam.ts';
export {
  type ActorCriticInputs,
  type ActorCriticWeights,
  actorCriticLoss,
} from './agents/actor-critic-loss.ts';
export type { AgentOptions, AgentProgress, AgentResult } from './agents/agent-options.ts';
export type { AgentState, AgentWorlds, ReportSums } from './agents/agent-state.ts';
export { discountedReturns } from './agents/returns.ts';
export { sampleActions } from './agents/sample-actions.ts';
export { joinSharedLearner, type SharedLearner } from './agents/shared-learner.ts';
export {
  createSharedMemory,
  framesOf,
  freeLock,
  type SharedCounts,
  type SharedMemory,
  type SharedMemoryOptions,
  sharedCounts,
} from './agents/shared-memory.ts';
export { trainAgent } from './agents/train-agent.ts';
export { DivergedError, type Divergence, type Norms } from './diverged-error.ts';
export { type Evaluation, errorRate, evaluate } from './evaluate.ts';
export { type RmsPropOptions, rmsProp } from './rms-prop.ts';
export {
  type CosineSchedule,
  type ExponentialSchedule,
  type LinearSchedule,
  rateAt,
  type Schedule,
  type StepsSchedule,
} from './schedule.ts';
export {
  type Progress,
  type SupervisedOptions,
  type SupervisedResult,
  trainSupervised,
} from './supervised.ts';
export { type BestFound, TrainingLostError } from './training-lost-error.ts';
export type { BestWeights, TrainingState } from './training-state.ts';
export { differentiate, type LossAndGradients, trainingStep } from './training-step.ts';
export { type JoinGroupOptions, joinGroup, type TrainingGroup } from './workers/group.ts';
export {
  createGroupMemory,
  type GroupMemory,
  type GroupMemoryOptions,
} from './workers/group-memory.ts';
export { WorkerLostError } from './workers/worker-lost-error.ts';
