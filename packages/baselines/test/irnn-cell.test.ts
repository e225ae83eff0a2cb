import { OptionError, ShapeError, unroll } from '@fastweights/core';
import { describeCell } from '@fastweights/testing';
import { tensor2d, tensor3d, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { irnnCell } from '../src/index.ts';
import { expectOracle, type Matrix } from './against-oracle.ts';
import { expectToOverfit } from './overfit.ts';
import { rectifiedOracle } from './rectified-oracle.ts';

const inputSize = 3;
const units = 5;

describeCell('irnnCell', {
  create: (seed) => irnnCell({ inputSize, units, seed }),
  weightCount: units * (inputSize + units + 1),
});

describe('irnnCell', () => {
  it('is a recurrent network of ReLUs, in every output and gradient', () => {
    expectOracle(irnnCell({ inputSize, units }), ({ x, kernel, recurrentKernel, bias }) => {
      const b = bias as number[];
      return rectifiedOracle(x as Matrix[], kernel as Matrix, recurrentKernel as Matrix, (sums) =>
        sums.map((sum, u) => sum + (b[u] as number)),
      );
    });
  });

  it('starts from half of what it was, and nothing else', () => {
    const { recurrentKernel, bias } = irnnCell({ inputSize: 2, units: 3 }).weights;
    expect(recurrentKernel.arraySync()).toEqual([
      [0.5, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.5],
    ]);
    expect(bias.arraySync()).toEqual([0, 0, 0]);
  });

  it('halves a state that nothing is added to', () => {
    const cell = irnnCell({ inputSize: 1, units: 2 });
    const drive = cell.drive(zeros([1, 1]));
    const [output, { h }] = cell.step(drive, { h: tensor2d([[4, 10]]) });
    expect(output.arraySync()).toEqual([[2, 5]]);
    expect(h.arraySync()).toEqual([[2, 5]]);
  });

  it('learns a few examples by heart', () => {
    expectToOverfit(irnnCell({ inputSize, units: 16, seed: 5 }), { updates: 150 });
  });

  it.each([
    [{ units: 0 }, /^units/],
    [{ inputSize: 1.5 }, /^inputSize/],
    [{ seed: -1 }, /^seed/],
    [{ forgetBias: 1 } as never, /"forgetBias"/],
    [{ initializers: { bias: 1 } } as never, /"bias"/],
  ])('refuses %j', (change, message) => {
    expect(() => irnnCell({ inputSize, units, ...change })).toThrow(OptionError);
    expect(() => irnnCell({ inputSize, units, ...change })).toThrow(message);
  });

  it('refuses the state of another kind of cell', () => {
    const cell = irnnCell({ inputSize, units });
    const { h } = cell.initialState(2);
    const x = tensor3d([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(() => unroll(cell, x, { h, c: h } as never)).toThrow(ShapeError);
    expect(() => unroll(cell, x, { h, c: h } as never)).toThrow(/an object with h/);
  });
});
