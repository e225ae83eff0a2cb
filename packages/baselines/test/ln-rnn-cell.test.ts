import { OptionError, ShapeError, unroll } from '@fastweights/core';
import { describeCell } from '@fastweights/testing';
import { tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lnRnnCell } from '../src/index.ts';
import { expectOracle, type Matrix } from './against-oracle.ts';
import { expectToOverfit } from './overfit.ts';
import { rectifiedOracle } from './rectified-oracle.ts';

const inputSize = 3;
const units = 7;

describeCell('lnRnnCell', {
  create: (seed) => lnRnnCell({ inputSize, units, seed }),
  weightCount: units * (inputSize + units + 2),
});

/** Ba, Kiros and Hinton 2016, with the population's variance and an epsilon of 1e-5. */
function layerNorm(sums: number[], gain: number[], bias: number[]): number[] {
  const mean = sums.reduce((s, a) => s + a, 0) / sums.length;
  const variance = sums.reduce((s, a) => s + (a - mean) ** 2, 0) / sums.length;
  return sums.map(
    (a, u) => ((gain[u] as number) * (a - mean)) / Math.sqrt(variance + 1e-5) + (bias[u] as number),
  );
}

describe('lnRnnCell', () => {
  it('is a layer-normed network of ReLUs, in every output and gradient', () => {
    expectOracle(lnRnnCell({ inputSize, units }), ({ x, kernel, recurrentKernel, gain, bias }) =>
      rectifiedOracle(x as Matrix[], kernel as Matrix, recurrentKernel as Matrix, (sums) =>
        layerNorm(sums, gain as number[], bias as number[]),
      ),
    );
  });

  it('starts as the fast weights do: W from 0.05 · I, gain 1, bias 0', () => {
    const { recurrentKernel, gain, bias } = lnRnnCell({ inputSize: 4, units: 2 }).weights;
    const small = Math.fround(0.05);
    expect(recurrentKernel.arraySync()).toEqual([
      [small, 0],
      [0, small],
    ]);
    expect(gain.arraySync()).toEqual([1, 1]);
    expect(bias.arraySync()).toEqual([0, 0]);
  });

  it('learns a few examples by heart', () => {
    expectToOverfit(lnRnnCell({ inputSize, units: 16, seed: 5 }), { updates: 150 });
  });

  it.each([
    [{ units: 0 }, /^units/],
    [{ inputSize: 1.5 }, /^inputSize/],
    [{ seed: -1 }, /^seed/],
    [{ layerNorm: [] } as never, /"layerNorm"/],
    [{ initializers: { gain: 1 } } as never, /"gain"/],
  ])('refuses %j', (change, message) => {
    expect(() => lnRnnCell({ inputSize, units, ...change })).toThrow(OptionError);
    expect(() => lnRnnCell({ inputSize, units, ...change })).toThrow(message);
  });

  it('refuses the state of another kind of cell', () => {
    const cell = lnRnnCell({ inputSize, units });
    const x = tensor3d([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(() => unroll(cell, x, {} as never)).toThrow(ShapeError);
    expect(() => unroll(cell, x, {} as never)).toThrow(/an object with h/);
  });
});
