export { type AdamOptions, adam } from './adam.ts';
export { errorRate } from './evaluate.ts';
export { type RmsPropOptions, rmsProp } from './rms-prop.ts';
export {
  DivergedError,
  type Progress,
  type SupervisedOptions,
  type SupervisedResult,
  TrainingLostError,
  trainSupervised,
} from './supervised.ts';
export { differentiate, type LossAndGradients, trainingStep } from './training-step.ts';
