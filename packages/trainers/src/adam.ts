import { adamUpdate, checkKeys, checkRange, type Optimizer, type Weights } from '@fastweights/core';
import { createOptimizer } from './optimizer.ts';

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba 2015) over all weights of a model; `adamUpdate` has the equations. */
export function adam(weights: Weights, options: AdamOptions = {}): Optimizer {
  checkKeys('adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon']);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkRange('learningRate', learningRate, 0, Number.MAX_VALUE);
  checkRange('beta1', beta1, 0, 1 - Number.EPSILON);
  checkRange('beta2', beta2, 0, 1 - Number.EPSILON);
  checkRange('epsilon', epsilon, 0, Number.MAX_VALUE);
  const settings = { learningRate, beta1, beta2, epsilon };
  return createOptimizer({
    name: 'adam',
    weights,
    moments: ['mean', 'square'],
    update: (updates, moments, count) =>
      adamUpdate(updates, moments, { ...settings, updates: count }),
  });
}
