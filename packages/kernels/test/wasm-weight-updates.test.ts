import { adamUpdate, rmsPropUpdate } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { dispose, square, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activate, callsOf, register } from './wasm-backends.ts';
import { draw, poison } from './wasm-parity.ts';

/** Weights with the numbers between them in the moments that belong to none of them. */
const SHAPES: readonly (readonly [shape: readonly number[], gap: number])[] = [
  [[1], 0],
  [[], 2],
  [[3, 5], 0],
  [[17], 1],
  [[7, 1, 9], 0],
  [[129, 63], 5],
];

function updatesOf(gaps: boolean) {
  let end = 0;
  const updates = SHAPES.map(([shape, gap], i) => {
    const offset = end + (gaps ? gap : 0);
    const weight = draw(i, shape);
    end = offset + weight.size;
    return { weight, gradient: draw(100 + i, shape), offset };
  });
  return { updates, size: end + (gaps ? 3 : 0) };
}

const rates = { learningRate: 0.01, epsilon: 1e-6 };

type Clip = { readonly clipNorm?: number };

const OPTIMIZERS = {
  FastWeightsAdamUpdate: (gaps: boolean, updates: number, clip: Clip): Tensor[] => {
    const { updates: all, size } = updatesOf(gaps);
    const moments = { mean: draw(50, [size]) as Tensor1D, square: square(draw(51, [size])) };
    const attrs = { ...rates, ...clip, updates, beta1: 0.9, beta2: 0.999 };
    const after = adamUpdate(all, moments as never, attrs);
    return [...after.weights, after.mean, after.square];
  },
  FastWeightsRmsPropUpdate: (gaps: boolean, _: number, clip: Clip): Tensor[] => {
    const { updates: all, size } = updatesOf(gaps);
    const moments = { square: square(draw(51, [size])) as Tensor1D };
    const after = rmsPropUpdate(all, moments, { ...rates, ...clip, decay: 0.99 });
    return [...after.weights, after.square];
  },
};

describe.each(['cpu', 'wasm'] as const)('updates of weights on %s', (backend) => {
  let unregister = (): void => {};
  beforeAll(() => activate(backend));
  afterEach(() => unregister());

  for (const [kernelName, update] of Object.entries(OPTIMIZERS)) {
    it.each([
      [false, 1, {}],
      [true, 1, {}],
      [true, 1000, {}],
      // All gradients together are about 52 long.
      [true, 1, { clipNorm: 3 }],
      [false, 2, { clipNorm: 1e-3 }],
      [true, 1, { clipNorm: 60 }],
    ])(
      `${kernelName}, gaps between the moments: %s, updates: %d, %j`,
      async (gaps, count, clip) => {
        const expected = tidy(() => update(gaps, count, clip));
        unregister = await register(backend);
        poison();
        await expectNoLeaks(() => {
          const actual = tidy(() => update(gaps, count, clip));
          expect(callsOf(kernelName)).toBe(1);
          actual.forEach((tensor, i) => {
            expect(tensor.shape).toEqual(expected[i]?.shape);
            expectClose(tensor, expected[i] as Tensor, {}, `result ${i}`);
          });
          dispose(actual);
        });
        dispose(expected);
      },
    );

    it(`${kernelName} leaves what does not fit to the reference`, async () => {
      unregister = await register(backend);
      const weight = draw(1, [3]);
      const updates = [{ weight, gradient: draw(2, [4]), offset: 0 }];
      const moment = draw(3, [3]) as Tensor1D;
      const moments = { mean: moment, square: moment };
      const attrs = { ...rates, updates: 1, beta1: 0.9, beta2: 0.999, decay: 0.9 };
      const run = kernelName.includes('Adam') ? adamUpdate : rmsPropUpdate;
      expect(() => run(updates, moments, attrs)).toThrow();
      expect(callsOf(kernelName)).toBe(0);
    });
  }
});
