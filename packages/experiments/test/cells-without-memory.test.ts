import { irnnCell, lnRnnCell } from '@fastweights/baselines';
import { fastWeightsCell } from '@fastweights/cells';
import {
  loadWeights,
  type RecurrentCell,
  random,
  saveWeights,
  uniform,
  unroll,
} from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import { grad, mul, sum, type Tensor, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';

const [BATCH, TIME] = [3, 9];
const size = { inputSize: 4, units: 10, seed: 3 };

function sequences(): Tensor3D {
  const stream = random(8);
  const values = Float32Array.from({ length: BATCH * TIME * size.inputSize }, () =>
    uniform(stream, -2, 2),
  );
  return tensor3d(values, [BATCH, TIME, size.inputSize]);
}

// biome-ignore lint/suspicious/noExplicitAny: cells of any state.
function expectSame(actual: RecurrentCell<any>, expected: RecurrentCell<any>): void {
  const x = sequences();
  expectClose(unroll(actual, x)[0], unroll(expected, x)[0], { relative: 1e-6 });
  const slope = (cell: typeof actual): Tensor =>
    grad((inputs) => {
      const [outputs] = unroll(cell, inputs as Tensor3D);
      return sum(mul(outputs, outputs));
    })(x);
  expectClose(slope(actual), slope(expected), { relative: 1e-5 }, 'gradient of the inputs');
}

describe('a fast-weights cell that never writes', () => {
  it.each([0, 1, 3])('and has %i inner steps is the IRNN, without layer norm', (innerSteps) => {
    const plain = irnnCell(size);
    const cell = fastWeightsCell({ ...size, learningRate: 0, layerNorm: [], innerSteps });
    cell.weights.kernel.assign(plain.weights.kernel);
    cell.weights.recurrentKernel.assign(plain.weights.recurrentKernel);
    expectSame(cell, plain);
  });

  it.each([1, 3])('and has %i inner steps is the layer-normed RNN', async (innerSteps) => {
    const normed = lnRnnCell(size);
    const cell = fastWeightsCell({ ...size, seed: 4, learningRate: 0, innerSteps });
    loadWeights(cell.weights, await saveWeights(normed.weights));
    expectSame(cell, normed);
  });
});
