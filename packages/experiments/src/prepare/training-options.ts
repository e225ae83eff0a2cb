import type { TrainingConfig } from '../config/training-config.ts';

/** What `trainSupervised` of trainers is told of a config. */
export interface TrainingOptions {
  readonly batchSize: number;
  readonly maxUpdates: number;
  readonly validateEvery: number;
  readonly targetError: number;
  readonly patience?: number;
}

/** The part of a config that is the trainer's affair; the optimiser has its own. */
export function trainingOptions(training: TrainingConfig): TrainingOptions {
  const { batchSize, maxUpdates, validateEvery, targetError, patience } = training;
  const options = { batchSize, maxUpdates, validateEvery, targetError };
  return patience > 0 ? { ...options, patience } : options;
}
