import {
  checkKeys,
  checkRange,
  type Optimizer,
  rmsPropUpdate,
  type Weights,
} from '@fastweights/core';
import { checkClipNorm, createOptimizer } from './optimizer.ts';
import { checkSchedule, type Schedule } from './schedule.ts';

export interface RmsPropOptions {
  /** Or how it changes. Default 0.001. */
  readonly learningRate?: number | Schedule;
  /** Decay of the mean of the squared gradients. Default 0.99. */
  readonly decay?: number;
  /** Inside the root, as A3C has it; above zero, or a gradient of 0 would give NaN. Default 0.1. */
  readonly epsilon?: number;
  /** The most that the norm of all gradients together may be; longer ones are shortened. Default: none are. */
  readonly clipNorm?: number | undefined;
}

/** RMSProp without momentum over all weights of a model; `rmsPropUpdate` has the equations. */
export function rmsProp(weights: Weights, options: RmsPropOptions = {}): Optimizer {
  checkKeys('rmsProp', options, ['learningRate', 'decay', 'epsilon', 'clipNorm']);
  const { learningRate = 0.001, decay = 0.99, epsilon = 0.1, clipNorm } = options;
  checkSchedule('learningRate', learningRate);
  checkRange('decay', decay, 0, 1 - Number.EPSILON);
  checkRange('epsilon', epsilon, Number.MIN_VALUE, Number.MAX_VALUE);
  checkClipNorm(clipNorm);
  const settings = { decay, epsilon, ...(clipNorm !== undefined && { clipNorm }) };
  return createOptimizer({
    name: 'rmsProp',
    weights,
    moments: ['square'],
    learningRate,
    update: (all, moments, { learningRate: rate }) =>
      rmsPropUpdate(all, moments, { ...settings, learningRate: rate }),
  });
}
