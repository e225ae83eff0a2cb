export { type AdamOptions, adam } from './adam.ts';
export { errorRate } from './evaluate.ts';
export {
  DivergedError,
  type Progress,
  type SupervisedOptions,
  type SupervisedResult,
  TrainingLostError,
  trainSupervised,
} from './supervised.ts';
