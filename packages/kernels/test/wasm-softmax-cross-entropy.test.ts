import { softmaxCrossEntropy } from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import { grad, type Tensor, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activate, callsOf, register } from './wasm-backends.ts';
import { describeParity, draw } from './wasm-parity.ts';

const SIDES = [2, 3, 5, 7, 15, 16, 17, 50, 63, 100, 129] as const;

const cases = pairwise({ rows: [1, ...SIDES], classes: SIDES, size: [0.1, 3, 30, 1000] });

const labelsOf = (rows: number, classes: number): number[] =>
  Array.from({ length: rows }, (_, i) => (i * i + 1) % classes);

describeParity(
  'FastWeightsSoftmaxCrossEntropy',
  cases.map(({ rows, classes, size }) => ({
    name: `${rows} rows of ${classes} classes up to ${size}`,
    inputs: () => [draw(1, [rows, classes], size)],
    run: (logits) =>
      softmaxCrossEntropy(logits as Tensor2D, tensor1d(labelsOf(rows, classes), 'int32')),
    // Of larger ones, differences of what is all but 0 or 1 are left.
    second: size === 0.1 && rows * classes < 500,
  })),
);

describe.each(['cpu', 'wasm'] as const)('FastWeightsSoftmaxCrossEntropy on %s', (backend) => {
  let unregister = (): void => {};
  beforeAll(() => activate(backend));
  afterEach(() => {
    unregister();
    unregister = () => {};
  });

  it.each([-1, 3, 2 ** 31 - 1])('makes NaN of the label %d, which is none', async (label) => {
    const logits = tensor2d([
      [1, 2, 3],
      [0.5, 0, 0],
    ]);
    const labels = tensor1d([label, 0], 'int32');
    const loss = (x: Tensor) => softmaxCrossEntropy(x as Tensor2D, labels);
    const expected = grad(loss)(logits).arraySync() as number[][];
    unregister = await register(backend);
    expect(loss(logits).arraySync()).toBeNaN();
    const actual = grad(loss)(logits).arraySync() as number[][];
    expect(callsOf('FastWeightsSoftmaxCrossEntropyGrad')).toBe(1);
    expect(actual[0]).toEqual(expected[0]);
    actual[1]?.forEach((x, i) => {
      expect(x).toBeCloseTo(expected[1]?.[i] as number, 6);
    });
  });

  it('leaves a single class to the reference, which refuses it', async () => {
    unregister = await register(backend);
    expect(() => softmaxCrossEntropy(tensor2d([[1]]), tensor1d([0], 'int32'))).toThrow('depth');
  });

  it('makes NaN of logits that are none, and takes infinite ones as the reference does', async () => {
    const labels = tensor1d([1], 'int32');
    for (const row of [
      [Number.NaN, 1, 2, 3, 4],
      [1, 2, 3, 4, Number.NaN],
      [1, 2, 3, 4, Number.POSITIVE_INFINITY],
      [1, 2, 3, 4, Number.NEGATIVE_INFINITY],
    ]) {
      const loss = () => softmaxCrossEntropy(tensor2d([row]), labels).arraySync();
      const expected = loss();
      const unregisterNow = await register(backend);
      const actual = loss();
      unregisterNow();
      if (Number.isNaN(expected)) expect(actual, `${row}`).toBeNaN();
      else expect(actual, `${row}`).toBeCloseTo(expected, 5);
    }
  });
});
