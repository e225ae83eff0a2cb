import { disposeWeights, loadWeights, saveWeights } from '@fastweights/core';
import { associativeRetrieval, type RetrievalBatch } from '@fastweights/datasets';
import { adam, trainingStep } from '@fastweights/trainers';
import { dispose, getBackend, getKernel, memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fastWeightsRetrievalModel, retrievalConfig } from '../src/index.ts';

// A steady model is replayed where there are kernels; it must learn what it learns without.

const sizes = { training: 400, validation: 1, test: 1 };
const BATCH_SIZES = [32, 17];
const STEPS = 12;

async function batches(): Promise<RetrievalBatch[]> {
  const { training } = associativeRetrieval({ sizes, seed: 5 });
  const found: RetrievalBatch[] = [];
  for (const batchSize of BATCH_SIZES) {
    for await (const batch of training.batches(batchSize)) {
      found.push(batch);
      if (found.length % STEPS === 0) break;
    }
  }
  // The sizes by turns.
  return found.map((_, i) => found[(i % 2) * STEPS + (i >> 1)] as RetrievalBatch);
}

async function train(isSteady: boolean) {
  const model = fastWeightsRetrievalModel({ ...retrievalConfig, units: 20, seed: 3 });
  const optimizer = adam(model.weights);
  let runs = 0;
  const step = trainingStep(
    {
      weights: model.weights,
      isSteady,
      loss(batch: RetrievalBatch) {
        runs++;
        return model.loss(batch);
      },
    },
    optimizer,
  );
  const losses: number[] = [];
  const data = await batches();
  const early = await saveWeights(model.weights);
  for (const [i, batch] of data.entries()) {
    // Weights may come from elsewhere in the middle.
    if (i === STEPS) loadWeights(model.weights, early);
    const loss = step(batch);
    losses.push((await loss.data())[0] as number);
    loss.dispose();
    if (i === 7) losses.push(memory().numTensors);
  }
  losses.push(memory().numTensors);
  const weights = await saveWeights(model.weights);
  dispose(data);
  optimizer.dispose();
  disposeWeights(model.weights);
  return { losses, weights, runs };
}

describe('a steady model', () => {
  it('learns to the same bits, and is asked for its loss no longer where kernels can be replayed', async () => {
    const before = memory().numTensors;
    const direct = await train(false);
    const replayed = await train(true);
    expect(replayed.losses).toEqual(direct.losses);
    expect(replayed.weights).toEqual(direct.weights);
    expect(direct.runs).toBe(2 * STEPS);
    const canReplay = getKernel('FastWeightsLastState', getBackend()) !== undefined;
    expect(replayed.runs).toBe(canReplay ? 2 * BATCH_SIZES.length : 2 * STEPS);
    expect(memory().numTensors).toBe(before);
  });
});
