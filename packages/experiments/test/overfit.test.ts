import { associativeLstmCell, irnnCell, lnRnnCell, lstmCell } from '@fastweights/baselines';
import { fastWeightsCell } from '@fastweights/cells';
import { associativeRetrieval } from '@fastweights/datasets';
import { adam, errorRate, trainingStep } from '@fastweights/trainers';
import { dispose } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { retrievalModel } from '../src/index.ts';

// Every recurrent model of Table 1, and the control that the paper lacks, on its own task. glimpse-classifier.test.ts and
// actor-critic.test.ts do the same for theirs, baselines' conv-net.test.ts and patch-net.test.ts for images.

const EXAMPLES = 64;
const size = { inputSize: 20, units: 16, seed: 2 };

it.each([
  ['fastWeightsCell', () => fastWeightsCell({ ...size, decayRate: 0.9 })],
  ['irnnCell', () => irnnCell(size)],
  ['lnRnnCell', () => lnRnnCell(size)],
  ['lstmCell', () => lstmCell(size)],
  ['associativeLstmCell', () => associativeLstmCell(size)],
])('learns 64 strings by heart with %s', { timeout: 240_000 }, async (_, create) => {
  const sizes = { training: EXAMPLES, validation: 1, test: 1 };
  const { training } = associativeRetrieval({ pairs: 2, sizes, seed: 4 });
  const model = retrievalModel<never>({ cell: create() as never, hiddenUnits: 32, seed: 3 });
  const optimizer = adam(model.weights, { learningRate: 0.01 });
  const step = trainingStep(model, optimizer);
  let errors = 1;
  for (let update = 1; update <= 400 && errors > 0; update++) {
    for await (const batch of training.inOrder(EXAMPLES)) {
      step(batch).dispose();
      dispose(batch);
    }
    if (update % 20 === 0) errors = await errorRate(model, training);
  }
  expect(errors).toBe(0);
  optimizer.dispose();
  model.dispose();
});
