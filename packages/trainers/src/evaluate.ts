import {
  type Batch,
  checkInteger,
  checkShape,
  type Dataset,
  type Model,
  type Part,
  softmaxCrossEntropy,
} from '@fastweights/core';
import {
  argMax,
  cast,
  dispose,
  equal,
  logicalAnd,
  mul,
  stack,
  sum,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { breather } from './breather.ts';
import type { TrainingGroup } from './workers/group.ts';

/** Large, since nothing has to be kept for a backward pass. */
const BATCH_SIZE = 1000;

export interface Evaluation {
  /** The share of wrong answers, from 0 to 1. */
  readonly error: number;
  /** The mean of −log softmax(scores)[target], in nats. */
  readonly loss: number;
}

/** How well a classifier does on a data set. The workers of a group share the work; all get the answer. */
export async function evaluate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  group?: TrainingGroup,
): Promise<Evaluation> {
  const { size } = dataset;
  checkInteger('the size of the data set', size, 1);
  const own = await tallyOf(model, dataset, group);
  if (!group) return { error: (size - own.right) / size, loss: own.loss / size };
  // Each in two numbers, since float32 holds no more than seven digits.
  const [high, low] = [Math.floor(own.right / DIGIT), own.right % DIGIT];
  const loss = Math.fround(own.loss);
  const sums = Float32Array.of(high, low, loss, own.loss - loss);
  await group.sum(sums);
  const at = (i: number): number => sums[i] as number;
  const right = at(0) * DIGIT + at(1);
  return { error: (size - right) / size, loss: (at(2) + at(3)) / size };
}

/** The share of a data set's examples that a classifier gets wrong, from 0 to 1. */
export async function errorRate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  group?: TrainingGroup,
): Promise<number> {
  const { error } = await evaluate(model, dataset, group);
  return error;
}

const DIGIT = 2 ** 20;

/** Of some examples: how many answers are right, and the sum of the losses. */
interface Tally {
  readonly right: number;
  readonly loss: number;
}

/** Of a data set, or of a part of it. */
async function tallyOf<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  part: Part | undefined,
): Promise<Tally> {
  const tally = { right: 0, loss: 0 };
  const { isDue, breathe } = breather();
  for await (const batch of dataset.inOrder(BATCH_SIZE, part)) {
    try {
      const { right, loss } = await tallyOfBatch(model, batch);
      tally.right += right;
      tally.loss += loss;
    } finally {
      dispose([batch.inputs, batch.targets]);
    }
    if (isDue()) await breathe();
  }
  return tally;
}

async function tallyOfBatch<B extends Batch>(model: Model<B>, batch: B): Promise<Tally> {
  const rows = batch.inputs.shape[0] ?? 0;
  checkShape('targets', batch.targets, [rows], 'int32');
  if (rows === 0) return { right: 0, loss: 0 };
  const both = tidy(() => {
    const scores = model.predict(batch.inputs);
    // Scores that are no numbers have a largest one too; they are no answer.
    const isNumber = equal(sum(mul(scores, 0), 1), 0);
    const right = sum(logicalAnd(equal(argMax(scores, 1), batch.targets), isNumber));
    const loss = softmaxCrossEntropy(scores, batch.targets as Tensor1D);
    return stack([cast(right, 'float32'), loss]);
  });
  const [right = 0, loss = Number.NaN] = await both.data();
  both.dispose();
  return { right, loss: loss * rows };
}
