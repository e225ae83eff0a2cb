import { type Batch, checkShape, type Dataset, type Model } from '@fastweights/core';
import { argMax, notEqual, sum, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { breather } from './breather.ts';

/** Large, since nothing has to be kept for a backward pass. */
const BATCH_SIZE = 1000;

/** The share of a data set's examples that a classifier gets wrong, from 0 to 1. */
export async function errorRate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
): Promise<number> {
  const breathe = breather();
  let wrong = 0;
  for await (const batch of dataset.inOrder(BATCH_SIZE)) {
    checkShape('targets', batch.targets, [batch.inputs.shape[0] ?? 0], 'int32');
    const count = tidy(() => {
      const answers = argMax(model.predict(batch.inputs), 1) as Tensor1D;
      return sum(notEqual(answers, batch.targets));
    });
    wrong += (await count.data())[0] ?? 0;
    for (const tensor of [count, batch.inputs, batch.targets]) tensor.dispose();
    await breathe();
  }
  return wrong / dataset.size;
}
