import { OptionError, ShapeError, unroll } from '@fastweights/core';
import { associativeLstmOracle, describeCell } from '@fastweights/testing';
import { tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type AssociativeLstmCellOptions, associativeLstmCell } from '../src/index.ts';
import { expectOracle, type Matrix } from './against-oracle.ts';
import { expectToOverfit } from './overfit.ts';

const inputSize = 3;
const units = 6;

const variants: [string, Partial<AssociativeLstmCellOptions>, number][] = [
  ['associativeLstmCell', {}, 75],
  ['with one copy and one head', { copies: 1, heads: 1 }, 27],
];
for (const [name, options, width] of variants) {
  describeCell(name, {
    create: (seed) => associativeLstmCell({ inputSize, units, ...options, seed }),
    weightCount: width * (inputSize + units + 1),
  });
}

/** The columns of a matrix product, plus a bias where there is one. */
const times = (x: number[], matrix: Matrix, b: number[]): number[] =>
  b.map((start, j) => x.reduce((sum, x_i, i) => sum + x_i * (matrix[i]?.[j] as number), start));

/** Two copies' permutations of three numbers by their seed: runs can be repeated as long as it stays at that. */
const PERMUTATIONS: Readonly<Record<number, Matrix>> = {
  0: [
    [2, 0, 1],
    [1, 0, 2],
  ],
  5: [
    [0, 1, 2],
    [2, 0, 1],
  ],
};

describe('associativeLstmCell', () => {
  it.each([0, 5])('is that of its paper, in every output and gradient, permuted by %i', (seed) => {
    const cell = associativeLstmCell({
      inputSize,
      units,
      copies: 2,
      heads: 2,
      permutationSeed: seed,
    });
    expectOracle(cell, ({ x, kernel, recurrentKernel, bias }) => {
      const drive = (x as Matrix[]).map((steps) =>
        steps.map((input) => times(input, kernel as Matrix, bias as number[])),
      );
      const { outputs, bounded } = associativeLstmOracle(
        { drive, recurrentKernel: recurrentKernel as Matrix },
        2,
        PERMUTATIONS[seed] as Matrix,
      );
      return { outputs, pattern: bounded };
    });
  });

  it('starts with its forget gate open', () => {
    const { bias } = associativeLstmCell({ inputSize, units, forgetBias: 2 }).weights;
    const values = [...bias.dataSync()];
    expect(values.slice(0, units / 2)).toEqual([2, 2, 2]);
    expect(values.filter((value) => value !== 0)).toHaveLength(units / 2);
  });

  it('learns a few examples by heart', () => {
    expectToOverfit(associativeLstmCell({ inputSize, units: 12, seed: 5 }), {
      updates: 60,
      learningRate: 0.05,
    });
  });

  it.each([
    [{ units: 0 }, /^units/],
    [{ units: 7 }, /^units must be even/],
    [{ inputSize: 1.5 }, /^inputSize/],
    [{ copies: 0 }, /^copies/],
    [{ heads: 0.5 }, /^heads/],
    [{ forgetBias: Number.NaN }, /^forgetBias/],
    [{ permutationSeed: -1 }, /^permutationSeed/],
    [{ seed: -1 }, /^seed/],
    [{ forget: 1 } as never, /"forget"/],
    [{ initializers: { bias: 1 } } as never, /"bias"/],
  ])('refuses %j', (change, message) => {
    expect(() => associativeLstmCell({ inputSize, units, ...change })).toThrow(OptionError);
    expect(() => associativeLstmCell({ inputSize, units, ...change })).toThrow(message);
  });

  it('refuses the state of another kind of cell', () => {
    const cell = associativeLstmCell({ inputSize, units });
    const { h } = cell.initialState(2);
    const x = tensor3d([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(() => unroll(cell, x, { h } as never)).toThrow(ShapeError);
    expect(() => unroll(cell, x, { h, c: h } as never)).toThrow(/^state.c/);
  });
});
