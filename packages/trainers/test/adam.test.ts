import { OptionError, WeightsError } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { tensor1d, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adam } from '../src/index.ts';

const create = (values: number[]): Variable => tidy(() => variable(tensor1d(values)));
const start = [1, -2, 0.5];

/** Gradients that differ from update to update. */
const gradient = (t: number): number[] => [Math.sin(t), 0.1 * t, -1];

/** Adam as its paper writes it, in plain numbers. */
function oracle(
  updates: number,
  alpha = 0.01,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
): number[] {
  const [w, m, v] = [[...start], [0, 0, 0], [0, 0, 0]];
  for (let t = 1; t <= updates; t++) {
    gradient(t).forEach((g, i) => {
      m[i] = beta1 * (m[i] as number) + (1 - beta1) * g;
      v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g;
      const step = (m[i] as number) / (1 - beta1 ** t);
      const size = Math.sqrt((v[i] as number) / (1 - beta2 ** t)) + epsilon;
      w[i] = (w[i] as number) - (alpha * step) / size;
    });
  }
  return w;
}

function train(
  weight: Variable,
  from: number,
  to: number,
  optimizer = adam({ a: { b: weight } }, { learningRate: 0.01 }),
) {
  for (let t = from; t <= to; t++) {
    tidy(() => optimizer.apply({ 'a.b': tensor1d(gradient(t)) }));
  }
  return optimizer;
}

describe('adam', () => {
  it.each([1, 2, 50])('is the paper’s after %i updates', (updates) => {
    const weight = create(start);
    train(weight, 1, updates);
    expectClose(weight, oracle(updates));
  });

  it('goes on after save and load as if nothing had happened, to the bit', async () => {
    const [whole, first] = [create(start), create(start)];
    train(whole, 1, 20);
    const bytes = await train(first, 1, 12).save();
    const second = create([...first.dataSync()]);
    const optimizer = adam({ a: { b: second } }, { learningRate: 0.01 });
    optimizer.load(bytes);
    train(second, 13, 20, optimizer);
    expect(second.dataSync()).toEqual(whole.dataSync());
  });

  it('refuses what belongs to another model', async () => {
    const other = await adam({ c: create([1]) }).save();
    expect(() => adam({ a: { b: create(start) } }).load(other)).toThrow(WeightsError);
    const optimizer = adam({ a: create(start) });
    expect(() => optimizer.apply({ b: tensor1d(start) })).toThrow(WeightsError);
  });

  it('leaves nothing behind', async () => {
    const weight = create(start);
    await expectNoLeaks(() => train(weight, 1, 5).dispose());
  });

  it.each([
    [{ learningRate: -1 }, /^learningRate/],
    [{ beta1: 1 }, /^beta1/],
    [{ beta2: Number.NaN }, /^beta2/],
    [{ epsilon: -1 }, /^epsilon/],
    [{ rate: 1 } as never, /"rate"/],
  ])('refuses %j', (options, message) => {
    expect(() => adam({ a: create(start) }, options)).toThrow(OptionError);
    expect(() => adam({ a: create(start) }, options)).toThrow(message);
  });
});
