import {
  checkKeys,
  checkRange,
  type Optimizer,
  rmsPropUpdate,
  type Weights,
} from '@fastweights/core';
import { createOptimizer } from './optimizer.ts';

export interface RmsPropOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of the squared gradients. Default 0.99. */
  readonly decay?: number;
  /** Inside the root, as A3C has it; above zero, or a gradient of 0 would give NaN. Default 0.1. */
  readonly epsilon?: number;
}

/** RMSProp without momentum over all weights of a model; `rmsPropUpdate` has the equations. */
export function rmsProp(weights: Weights, options: RmsPropOptions = {}): Optimizer {
  checkKeys('rmsProp', options, ['learningRate', 'decay', 'epsilon']);
  const { learningRate = 0.001, decay = 0.99, epsilon = 0.1 } = options;
  checkRange('learningRate', learningRate, 0, Number.MAX_VALUE);
  checkRange('decay', decay, 0, 1 - Number.EPSILON);
  checkRange('epsilon', epsilon, Number.MIN_VALUE, Number.MAX_VALUE);
  return createOptimizer({
    name: 'rmsProp',
    weights,
    moments: ['square'],
    update: (updates, moments) => rmsPropUpdate(updates, moments, { learningRate, decay, epsilon }),
  });
}
