import { unroll } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  grad,
  mul,
  sum,
  type Tensor,
  type Tensor3D,
  tensor3d,
  type Variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { lstmCell } from '../src/index.ts';
import { draw } from './against-oracle.ts';

const [BATCH, TIME, INPUTS, UNITS] = [4, 7, 3, 5];

it('lstmCell is tf.layers.lstm with the same weights, in every output and gradient', () => {
  const cell = lstmCell({ inputSize: INPUTS, units: UNITS, seed: 6 });
  const { kernel, recurrentKernel, bias } = cell.weights;
  const layer = layers.lstm({
    units: UNITS,
    recurrentActivation: 'sigmoid',
    // Its own initialisers need the chained ops of the whole tfjs.
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
    unitForgetBias: false,
    returnSequences: true,
  });
  layer.apply(zeros([BATCH, TIME, INPUTS]));
  layer.setWeights([kernel, recurrentKernel, bias]);

  const x = tensor3d(draw(4, [BATCH, TIME, INPUTS], 2) as number[][][]);
  const ours = (inputs: Tensor): Tensor => unroll(cell, inputs as Tensor3D)[0];
  const theirs = (inputs: Tensor): Tensor => layer.apply(inputs) as Tensor;
  expect(theirs(x).shape).toEqual([BATCH, TIME, UNITS]);
  expectClose(ours(x), theirs(x));

  const squares = (outputs: Tensor): Tensor => sum(mul(outputs, outputs));
  expectClose(
    grad((inputs) => squares(ours(inputs)))(x),
    grad((inputs) => squares(theirs(inputs)))(x),
    {},
    'gradient of the inputs',
  );
  const gradientsOf = (run: (inputs: Tensor) => Tensor, weights: Variable[]): Tensor[] => {
    const { grads } = variableGrads(() => squares(run(x)) as never, weights);
    return weights.map(({ name }) => grads[name] as Tensor);
  };
  const expected = gradientsOf(
    theirs,
    layer.trainableWeights.map((weight) => weight.read() as Variable),
  );
  gradientsOf(ours, [kernel, recurrentKernel, bias]).forEach((gradient, i) => {
    expectClose(gradient, expected[i] as Tensor, {}, `gradient of weight ${i}`);
  });
});
