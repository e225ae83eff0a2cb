import { DeviceLostError } from '@fastweights/backends';
import { saveWeights } from '@fastweights/core';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { TrainingLostError } from '@fastweights/trainers';
import { env } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { afterLoss } from '../src/training/after-loss.ts';

// tfjs's own leak check takes the copies that a clone makes for leaks.
env().set('IS_TEST', false);

it('a run whose GPU went away is kept, on another backend', { timeout: 60_000 }, async () => {
  const config = { ...retrievalConfig, units: 5 };
  const weights = await saveWeights(fastWeightsRetrievalModel({ ...config, seed: 7 }).weights);
  const cause = new DeviceLostError('webgpu', 'device was destroyed');
  const best = { update: 100, validationError: 0.5 };
  const lost = new TrainingLostError(cause, 130, weights, best);
  const { model, result } = await afterLoss(lost, config, 3);
  expect(await saveWeights(model.weights)).toEqual(weights);
  expect(result).toMatchObject({
    updates: 130,
    validationError: 0.5,
    stopped: 'signal',
    seconds: 3,
    backend: 'wasm',
  });
  expect(result.testError).toBeGreaterThan(0.8);
});
