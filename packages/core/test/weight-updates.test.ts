import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { dispose, type Tensor, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adamUpdate, rmsPropUpdate } from '../src/index.ts';

const weights = [
  [0.5, -1],
  [2, 0, -0.25, 1],
];
const gradients = [
  [0.3, -0.2],
  [1e-3, 0, 4, -0.5],
];
/** The second weight comes after the three moments of one that has no gradient; after it there are two more. */
const offsets = [0, 5];
const mean = [0.1, -0.1, 7, 8, 9, 0.2, 0, -0.3, 0.4, 10, 11];
const square = [0.2, 0.1, 17, 18, 19, 0.3, 0, 0.5, 0.6, 20, 21];

type Rule = (w: number, g: number, m: number, v: number) => [w: number, m: number, v: number];

/** An update of one number after the other; what belongs to no weight stays as it is. */
function oracle(rule: Rule, scale = 1): { weights: number[][]; mean: number[]; square: number[] } {
  const after = { weights: weights.map((w) => [...w]), mean: [...mean], square: [...square] };
  weights.forEach((values, i) => {
    values.forEach((w, k) => {
      const at = (offsets[i] as number) + k;
      const g = scale * (gradients[i]?.[k] as number);
      const [next, m, v] = rule(w, g, mean[at] as number, square[at] as number);
      (after.weights[i] as number[])[k] = next;
      after.mean[at] = m;
      after.square[at] = v;
    });
  });
  return after;
}

/** How long all gradients together are. */
const norm = Math.hypot(...gradients.flat());

const updates = () => [
  { weight: tensor1d(weights[0] as number[]), gradient: tensor1d(gradients[0] as number[]) },
  {
    weight: tensor2d(weights[1] as number[], [2, 2]),
    gradient: tensor2d(gradients[1] as number[], [2, 2]),
  },
];
const placed = () => updates().map((update, i) => ({ ...update, offset: offsets[i] as number }));

/** The numbers of moments that no weight of the update has. */
const bystanders = (moment: Tensor): number[] =>
  [...moment.dataSync()].filter((_, i) => (i >= 2 && i < 5) || i >= 9);

describe('adamUpdate', () => {
  const [alpha, beta1, beta2, epsilon] = [0.01, 0.9, 0.99, 1e-3];
  const attrs = { learningRate: alpha, beta1, beta2, epsilon };

  it.each([1, 2, 1000])('is the paper’s, as update %i', (t) => {
    const after = adamUpdate(
      placed(),
      { mean: tensor1d(mean), square: tensor1d(square) },
      { ...attrs, updates: t },
    );
    const expected = oracle((w, g, m, v) => {
      const [m1, v1] = [beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g];
      const size = Math.sqrt(v1 / (1 - beta2 ** t)) + epsilon;
      return [w - (alpha * m1) / (1 - beta1 ** t) / size, m1, v1];
    });
    expect(after.weights.map(({ shape }) => shape)).toEqual([[2], [2, 2]]);
    after.weights.forEach((weight, i) => {
      expectClose(weight, expected.weights[i] as number[], {}, `weight ${i}`);
    });
    expectClose(after.mean, expected.mean, {}, 'mean');
    expectClose(after.square, expected.square, {}, 'square');
    expect(bystanders(after.mean)).toEqual([7, 8, 9, 10, 11]);
    expect(bystanders(after.square)).toEqual([17, 18, 19, 20, 21]);
  });

  it('changes nothing in place, and leaves nothing behind but what it returns', async () => {
    const all = placed();
    const moments = { mean: tensor1d(mean), square: tensor1d(square) };
    const before = [...all.flatMap(({ weight, gradient }) => [weight, gradient] as Tensor[])];
    const values = before.map((t) => [...t.dataSync()]);
    await expectNoLeaks(() => {
      const after = adamUpdate(all, moments, { ...attrs, updates: 1 });
      dispose([...after.weights, after.mean, after.square]);
    });
    expect(before.map((t) => [...t.dataSync()])).toEqual(values);
    expect(bystanders(moments.mean)).toEqual([7, 8, 9, 10, 11]);
  });
});

describe('rmsPropUpdate', () => {
  it('is that of A3C', () => {
    const [alpha, decay, epsilon] = [0.01, 0.9, 0.1];
    const attrs = { learningRate: alpha, decay, epsilon };
    const after = rmsPropUpdate(placed(), { square: tensor1d(square) }, attrs);
    const expected = oracle((w, g, m, v) => {
      const v1 = decay * v + (1 - decay) * g * g;
      return [w - (alpha * g) / Math.sqrt(v1 + epsilon), m, v1];
    });
    after.weights.forEach((weight, i) => {
      expectClose(weight, expected.weights[i] as number[], {}, `weight ${i}`);
    });
    expectClose(after.square, expected.square, {}, 'square');
    expect(bystanders(after.square)).toEqual([17, 18, 19, 20, 21]);
  });

  it('takes weights of every rank, a single number too', () => {
    const rates = { learningRate: 1, decay: 0, epsilon: 1 };
    const updates = [[], [1], [1, 1, 1]].map((shape, i) => ({
      weight: tensor([1], shape),
      gradient: tensor([i], shape),
      offset: i,
    }));
    const after = rmsPropUpdate(updates, { square: tensor1d([0, 0, 0]) }, rates);
    expect(after.weights.map(({ shape }) => shape)).toEqual([[], [1], [1, 1, 1]]);
    expectClose(
      after.weights.flatMap((weight) => [...weight.dataSync()]),
      [1, 1 - 1 / Math.SQRT2, 1 - 2 / Math.sqrt(5)],
    );
  });
});

describe('gradients that are too long', () => {
  const [alpha, beta1, beta2, epsilon] = [0.01, 0.9, 0.99, 1e-3];
  const adam: Rule = (w, g, m, v) => {
    const [m1, v1] = [beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g];
    const size = Math.sqrt(v1 / (1 - beta2)) + epsilon;
    return [w - (alpha * m1) / (1 - beta1) / size, m1, v1];
  };
  const rmsProp: Rule = (w, g, m, v) => {
    const v1 = beta2 * v + (1 - beta2) * g * g;
    return [w - (alpha * g) / Math.sqrt(v1 + epsilon), m, v1];
  };
  const moments = () => ({ mean: tensor1d(mean), square: tensor1d(square) });
  const rates = { learningRate: alpha, epsilon };

  it.each([0.01, 1, norm - 1e-3, norm + 1e-3, 100])('are clipped to a norm of %f', (clipNorm) => {
    const scale = Math.min(1, clipNorm / norm);
    const afterAdam = adamUpdate(placed(), moments(), {
      ...rates,
      updates: 1,
      beta1,
      beta2,
      clipNorm,
    });
    const byAdam = oracle(adam, scale);
    const { square: v } = moments();
    const afterRmsProp = rmsPropUpdate(
      placed(),
      { square: v },
      { ...rates, decay: beta2, clipNorm },
    );
    const byRmsProp = oracle(rmsProp, scale);
    weights.forEach((_, i) => {
      expectClose(afterAdam.weights[i] as Tensor, byAdam.weights[i] as number[]);
      expectClose(afterRmsProp.weights[i] as Tensor, byRmsProp.weights[i] as number[]);
    });
    expectClose(afterAdam.mean, byAdam.mean);
    expectClose(afterAdam.square, byAdam.square);
    expectClose(afterRmsProp.square, byRmsProp.square);
  });

  it('stay as they are, to the bit, where they are short enough', () => {
    const attrs = { ...rates, updates: 1, beta1, beta2 };
    const [plain, clipped] = [attrs, { ...attrs, clipNorm: 100 }].map((some) =>
      adamUpdate(placed(), moments(), some).weights.map((weight) => [...weight.dataSync()]),
    );
    expect(clipped).toEqual(plain);
  });

  it('do nothing where there are none', () => {
    const attrs = { ...rates, updates: 1, beta1, beta2, clipNorm: 1 };
    const after = adamUpdate([], moments(), attrs);
    expect(after.weights).toEqual([]);
    expectClose(after.mean, mean);
  });
});
