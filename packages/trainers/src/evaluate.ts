import {
  type Batch,
  checkInteger,
  checkShape,
  type Dataset,
  type Model,
  type Part,
} from '@fastweights/core';
import { argMax, dispose, equal, logicalAnd, mul, sum, tidy } from '@tensorflow/tfjs-core';
import { breather } from './breather.ts';
import type { TrainingGroup } from './workers/group.ts';

/** Large, since nothing has to be kept for a backward pass. */
const BATCH_SIZE = 1000;

/**
 * The share of a data set's examples that a classifier gets wrong, from 0 to 1. The workers of a group share the work; all
 * get the answer.
 */
export async function errorRate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  group?: TrainingGroup,
): Promise<number> {
  checkInteger('the size of the data set', dataset.size, 1);
  const right = await countRight(model, dataset, group);
  // In two numbers that float32 holds for up to 2⁴⁴ examples.
  const digits = Float32Array.of(Math.floor(right / DIGIT), right % DIGIT);
  await group?.sum(digits);
  const all = (digits[0] as number) * DIGIT + (digits[1] as number);
  return (dataset.size - all) / dataset.size;
}

const DIGIT = 2 ** 20;

/** How many examples of a data set, or of a part of it, a classifier gets right. */
async function countRight<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  part: Part | undefined,
): Promise<number> {
  let right = 0;
  const { isDue, breathe } = breather();
  for await (const batch of dataset.inOrder(BATCH_SIZE, part)) {
    try {
      right += await countRightInBatch(model, batch);
    } finally {
      dispose([batch.inputs, batch.targets]);
    }
    if (isDue()) await breathe();
  }
  return right;
}

async function countRightInBatch<B extends Batch>(model: Model<B>, batch: B): Promise<number> {
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
