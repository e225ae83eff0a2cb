import type { Optimizer, Weights } from '@fastweights/core';
import { adam, type Schedule } from '@fastweights/trainers';
import type { TrainingConfig } from '../config/training-config.ts';

/** Adam with the step sizes of a config. */
export function optimizerOf(weights: Weights, training: TrainingConfig): Optimizer {
  const { clipNorm } = training;
  const learningRate = stepSizes(training);
  return adam(weights, { learningRate, ...(clipNorm > 0 && { clipNorm }) });
}

/** The step size of each update, from `stepSize` at the first to its `finalShare` at the last. */
export function stepSizes(
  training: Pick<TrainingConfig, 'schedule' | 'stepSize' | 'finalShare' | 'maxUpdates'>,
): number | Schedule {
  const { schedule, stepSize: from, finalShare, maxUpdates: updates } = training;
  if (schedule === 'constant') return from;
  if (schedule === 'cosine') return { kind: 'cosine', from, to: from * finalShare, updates };
  const halvings = Math.log2(1 / finalShare);
  return { kind: 'exponential', from, halfLife: updates / halvings, least: from * finalShare };
}
