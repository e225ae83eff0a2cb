import { backend, env, setBackend } from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { useBackend } from '../packages/backends/src/index.ts';
import { softwareVulkan } from '../packages/backends/test/software-vulkan.ts';
import { loadWeights } from '../packages/core/src/index.ts';
import { associativeRetrieval } from '../packages/datasets/src/index.ts';
import { fastWeightsRetrievalModel, retrievalConfig } from '../packages/experiments/src/index.ts';
import {
  adam,
  errorRate,
  TrainingLostError,
  trainSupervised,
} from '../packages/trainers/src/index.ts';

// What a program does when its GPU goes away in the middle: it saves, falls back, and goes on.

env().set('IS_TEST', false);
const missing = softwareVulkan() === undefined;
afterAll(async () => {
  await setBackend('cpu');
});

it('training outlives its device', { timeout: 120_000 }, async ({ skip }) => {
  if (missing) skip('no software Vulkan driver: apt-get install chromium libvulkan1');
  const { lost } = await useBackend({ prefer: 'webgpu', software: true });
  const config = { ...retrievalConfig, units: 6, pairs: 2 };
  const { training, validation } = associativeRetrieval({
    pairs: 2,
    sizes: { training: 40, validation: 8, test: 8 },
  });
  const model = fastWeightsRetrievalModel(config);
  const train = (signal?: AbortSignal, onProgress?: () => void) => ({
    training,
    validation,
    batchSize: 8,
    maxUpdates: 4,
    validateEvery: 1,
    signal,
    ...(onProgress && { onProgress }),
  });
  const gone = await trainSupervised({
    model,
    optimizer: adam(model.weights),
    ...train(lost, () => {
      (backend() as unknown as { device: GPUDevice }).device.destroy();
    }),
  }).catch((error: unknown) => error);
  expect(gone).toBeInstanceOf(TrainingLostError);
  const { best, weights } = gone as TrainingLostError;
  expect(best.update).toBe(1);

  const { name } = await useBackend({ prefer: 'wasm' });
  expect(name).toBe('wasm');
  const anew = fastWeightsRetrievalModel({ ...config, seed: 9 });
  loadWeights(anew.weights, weights);
  expect(await errorRate(anew, validation)).toBe(best.validationError);
  const { updates } = await trainSupervised({
    model: anew,
    optimizer: adam(anew.weights),
    ...train(),
  });
  expect(updates).toBe(4);
});
