import { useBackend } from '@fastweights/backends';
import { loadWeights } from '@fastweights/core';
import {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
  type RetrievalConfig,
  testRetrieval,
} from '@fastweights/experiments';
import type { TrainingLostError } from '@fastweights/trainers';
import type { SavedResult } from '../run-directory.ts';

export interface Salvaged {
  readonly model: FastWeightsRetrievalModel;
  readonly result: SavedResult;
}

/** The GPU went away in the middle: the best weights, in a model on a backend that is still there. */
export async function afterLoss(
  { weights, best, updates }: TrainingLostError,
  config: RetrievalConfig,
  seconds: number,
): Promise<Salvaged> {
  const { name } = await useBackend();
  const model = fastWeightsRetrievalModel(config);
  loadWeights(model.weights, weights);
  // Without a validation these are the weights of the start, which are wrong nine times in ten.
  const validationError = Math.min(best.validationError, 1);
  const testError = await testRetrieval(config, model);
  return {
    model,
    result: { updates, validationError, testError, stopped: 'signal', seconds, backend: name },
  };
}
