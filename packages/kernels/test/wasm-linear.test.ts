import { type Activation, linear, ShapeError } from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import { ones, type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activate, callsOf, register } from './wasm-backends.ts';
import { describeParity, draw } from './wasm-parity.ts';

const SIDES = [1, 2, 3, 5, 7, 15, 16, 17, 50, 63, 100, 129] as const;

const shapes = pairwise({
  rows: SIDES,
  inputs: SIDES,
  outputs: SIDES,
  activation: ['linear', 'relu'] satisfies Activation[],
  withBias: [true, false],
});
// More rows and terms than are done at once.
const large = { rows: 331, inputs: 270, outputs: 23, activation: 'relu', withBias: true } as const;

describeParity(
  'FastWeightsLinear',
  [...shapes, large].map(({ rows, inputs, outputs, activation, withBias }) => ({
    name: `${rows} × ${inputs} → ${outputs}, ${activation}, ${withBias ? 'with' : 'without'} a bias`,
    inputs: () => [
      draw(1, [rows, inputs]),
      draw(2, [inputs, outputs], 1 / Math.sqrt(inputs)),
      ...(withBias ? [draw(3, [outputs])] : []),
    ],
    run: (x, kernel, bias) =>
      linear(x as Tensor2D, kernel as Tensor2D, bias as Tensor1D | undefined, activation),
    second: rows * inputs * outputs < 20_000,
  })),
);

describe.each(['cpu', 'wasm'] as const)('FastWeightsLinear on %s', (backend) => {
  let unregister = (): void => {};
  beforeAll(() => activate(backend));
  afterEach(() => unregister());

  it('passes NaN on through a ReLU, only where it belongs', async () => {
    unregister = await register(backend);
    const x = tensor2d([
      [Number.NaN, 1],
      [-1, -2],
      [2, 3],
    ]);
    const y = linear(x, ones([2, 6]), tensor1d([0, 0, 0, 0, 0, Number.NaN]), 'relu').arraySync();
    const nan = Number.NaN;
    expect(y).toEqual([
      [nan, nan, nan, nan, nan, nan],
      [0, 0, 0, 0, 0, nan],
      [5, 5, 5, 5, 5, nan],
    ]);
    expect(callsOf('FastWeightsLinear')).toBe(1);
  });

  it('leaves what does not fit to the reference', async () => {
    unregister = await register(backend);
    expect(() => linear(ones([2, 3]), ones([4, 5]))).toThrow(ShapeError);
    expect(linear(ones([0, 3]), ones([3, 5])).shape).toEqual([0, 5]);
    expect(callsOf('FastWeightsLinear')).toBe(0);
  });
});
