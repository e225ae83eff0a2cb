import { FastWeightsError } from '@fastweights/core';

/** The best validation: the least error, and of several with the same one the least loss. */
export interface BestFound {
  readonly validationError: number;
  /** In nats. */
  readonly validationLoss: number;
  /** After which it was; 0 before the first one. */
  readonly update: number;
}

/** What trained is gone, a GPU for example. The best weights were kept elsewhere, and can be loaded into a new model. */
export class TrainingLostError extends FastWeightsError {
  /** For `loadWeights`: the best on the validation set, or those of the start. */
  readonly weights: Uint8Array;
  readonly best: BestFound;
  readonly updates: number;

  constructor(cause: FastWeightsError, updates: number, weights: Uint8Array, best: BestFound) {
    const from = best.update === 0 ? 'the start' : `update ${best.update}`;
    super(
      'training-lost',
      `Training ended at update ${updates}: ${cause.message} The weights of ${from} were kept.`,
      { cause },
    );
    this.weights = weights;
    this.best = best;
    this.updates = updates;
  }
}
