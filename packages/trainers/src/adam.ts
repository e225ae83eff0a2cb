import { adamUpdate, checkKeys, checkRange, type Optimizer, type Weights } from '@fastweights/core';
import { checkClipNorm, createOptimizer } from './optimizer.ts';
import { checkSchedule, type Schedule } from './schedule.ts';

export interface AdamOptions {
  /** Or how it changes. Default 0.001. */
  readonly learningRate?: number | Schedule;
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** The most that the norm of all gradients together may be; longer ones are shortened. Default: none are. */
  readonly clipNorm?: number | undefined;
}

/** Adam (Kingma and Ba 2015) over all weights of a model; `adamUpdate` has the equations. */
export function adam(weights: Weights, options: AdamOptions = {}): Optimizer {
  checkKeys('adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon', 'clipNorm']);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm } = options;
  checkSchedule('learningRate', learningRate);
  checkRange('beta1', beta1, 0, 1 - Number.EPSILON);
  checkRange('beta2', beta2, 0, 1 - Number.EPSILON);
  checkRange('epsilon', epsilon, 0, Number.MAX_VALUE);
  checkClipNorm(clipNorm);
  const settings = { beta1, beta2, epsilon, ...(clipNorm !== undefined && { clipNorm }) };
  return createOptimizer({
    name: 'adam',
    weights,
    moments: ['mean', 'square'],
    learningRate,
    update: (all, moments, at) => adamUpdate(all, moments, { ...settings, ...at }),
  });
}
