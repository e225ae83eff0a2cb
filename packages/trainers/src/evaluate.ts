import {
  type Batch,
  checkInteger,
  checkShape,
  type Dataset,
  FastWeightsError,
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

/**
 * How well a classifier does on a data set. The workers of a group share the work; all get the answer.
 *
 * @throws FastWeightsError where the data set has another size than it says
 */
export async function evaluate<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  group?: TrainingGroup,
): Promise<Evaluation> {
  const { size } = dataset;
  checkInteger('the size of the data set', size, 1);
  const own = await tallyOf(model, dataset, group);
  const { rows, right, loss } = group ? await sumOf(own, group) : own;
  if (rows !== size) {
    const message = `The data set has a size of ${size}, but inOrder() gave ${rows} rows: errors are shares of all that there are.`;
    throw new FastWeightsError('data', message);
  }
  return { error: (size - right) / size, loss: loss / size };
}

/** Of all workers. */
async function sumOf({ rows, right, loss }: Tally, group: TrainingGroup): Promise<Tally> {
  // Each in two numbers, since float32 holds no more than seven digits.
  const digits = (n: number): [number, number] => [Math.floor(n / DIGIT), n % DIGIT];
  const rounded = Math.fround(loss);
  const sums = Float32Array.of(...digits(right), rounded, loss - rounded, ...digits(rows));
  await group.sum(sums);
  const at = (i: number): number => sums[i] as number;
  return {
    rows: at(4) * DIGIT + at(5),
    right: at(0) * DIGIT + at(1),
    loss: at(2) + at(3),
  };
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

/** Of some examples: how many they are, how many answers are right, and the sum of the losses. */
interface Tally {
  readonly rows: number;
  readonly right: number;
  readonly loss: number;
}

/** Of a data set, or of a part of it. */
async function tallyOf<B extends Batch>(
  model: Model<B>,
  dataset: Dataset<B>,
  part: Part | undefined,
): Promise<Tally> {
  const tally = { rows: 0, right: 0, loss: 0 };
  const { isDue, breathe } = breather();
  for await (const batch of dataset.inOrder(BATCH_SIZE, part)) {
    try {
      const { rows, right, loss } = await tallyOfBatch(model, batch);
      tally.rows += rows;
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
  if (rows === 0) return { rows, right: 0, loss: 0 };
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
  return { rows, right, loss: loss * rows };
}
