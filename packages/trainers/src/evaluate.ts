import { type Batch, checkInteger, checkShape, type Dataset, type Model } from '@fastweights/core';
import { argMax, dispose, equal, logicalAnd, mul, sum, tidy } from '@tensorflow/tfjs-core';
import { breather } from './breather.ts';

/** Large, since nothing has to be kept for a backward pass. */
const BATCH_SIZE = 1000;

/** The share of a data set's examples that a classifier gets wrong, from 0 to 1. */
export async function errorRate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
): Promise<number> {
  checkInteger('the size of the data set', dataset.size, 1);
  let right = 0;
  const breathe = breather();
  for await (const batch of dataset.inOrder(BATCH_SIZE)) {
    try {
      right += await countRight(model, batch);
    } finally {
      dispose([batch.inputs, batch.targets]);
    }
    await breathe();
  }
  return (dataset.size - right) / dataset.size;
}

async function countRight<B extends Batch>(model: Model<B>, batch: B): Promise<number> {
  checkShape('targets', batch.targets, [batch.inputs.shape[0] ?? 0], 'int32');
  const count = tidy(() => {
    const scores = model.predict(batch.inputs);
    // Scores that are no numbers have a largest one too; they are no answer.
    const isNumber = equal(sum(mul(scores, 0), 1), 0);
    return sum(logicalAnd(equal(argMax(scores, 1), batch.targets), isNumber));
  });
  const [value = 0] = await count.data();
  count.dispose();
  return value;
}
