import {
  constant,
  createWeight,
  driveAll,
  drivenLastOutput,
  glorotUniform,
  linear,
  type RecurrentCell,
  random,
  softmaxCrossEntropy,
  uniform,
  walkWeights,
} from '@fastweights/core';
import {
  argMax,
  type Rank,
  type Tensor2D,
  type TensorContainerObject,
  tensor1d,
  tensor3d,
  tidy,
  train,
  type Variable,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

const [EXAMPLES, TIME, CLASSES] = [8, 6, 3];

/** A cell with a linear layer after it learns labels by heart that have nothing to do with the sequences. */
export function expectToOverfit<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  { updates, learningRate = 0.02 }: { readonly updates: number; readonly learningRate?: number },
): void {
  const stream = random(12);
  const inputs = tensor3d(
    Float32Array.from({ length: EXAMPLES * TIME * cell.inputSize }, () => uniform(stream, -1, 1)),
    [EXAMPLES, TIME, cell.inputSize],
  );
  const labels = Array.from({ length: EXAMPLES }, (_, i) => (i * 5) % CLASSES);
  const targets = tensor1d(labels, 'int32');
  const kernel = createWeight<Rank.R2>(glorotUniform(), [cell.units, CLASSES], 13);
  const bias = createWeight<Rank.R1>(constant(0), [CLASSES], 0);
  const weights: Variable[] = [kernel, bias, ...[...walkWeights(cell.weights)].map(([, w]) => w)];
  const answers = (): Tensor2D =>
    linear(drivenLastOutput(cell, driveAll(cell, inputs)), kernel, bias);

  const optimizer = train.adam(learningRate);
  for (let i = 0; i < updates; i++) {
    optimizer.minimize(() => softmaxCrossEntropy(answers(), targets), false, weights);
  }
  const [loss, learned] = tidy(() => [
    softmaxCrossEntropy(answers(), targets).dataSync()[0] as number,
    [...argMax(answers(), 1).dataSync()],
  ]);
  expect(learned).toEqual(labels);
  expect(loss).toBeLessThan(0.05);
}
