import { OptionError, WeightsError } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { tensor1d, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adam, rmsProp } from '../src/index.ts';

const create = (values: number[]): Variable => tidy(() => variable(tensor1d(values)));
const start = [1, -2, 0.5];

/** Gradients that differ from update to update. */
const gradient = (t: number): number[] => [Math.sin(t), 0.1 * t, -1];

/** RMSProp in the form of A3C, in plain numbers. */
function oracle(updates: number, alpha = 0.01, decay = 0.99, epsilon = 0.1): number[] {
  const [w, v] = [[...start], [0, 0, 0]];
  for (let t = 1; t <= updates; t++) {
    gradient(t).forEach((g, i) => {
      v[i] = decay * (v[i] as number) + (1 - decay) * g * g;
      w[i] = (w[i] as number) - (alpha * g) / Math.sqrt((v[i] as number) + epsilon);
    });
  }
  return w;
}

function train(
  weight: Variable,
  from: number,
  to: number,
  optimizer = rmsProp({ a: { b: weight } }, { learningRate: 0.01 }),
) {
  for (let t = from; t <= to; t++) {
    tidy(() => optimizer.apply({ 'a.b': tensor1d(gradient(t)) }));
  }
  return optimizer;
}

describe('rmsProp', () => {
  it.each([1, 2, 50])('is that of A3C after %i updates', (updates) => {
    const weight = create(start);
    train(weight, 1, updates);
    expectClose(weight, oracle(updates));
  });

  it('goes on after save and load as if nothing had happened, to the bit', async () => {
    const [whole, first] = [create(start), create(start)];
    train(whole, 1, 20);
    const bytes = await train(first, 1, 12).save();
    const second = create([...first.dataSync()]);
    const optimizer = rmsProp({ a: { b: second } }, { learningRate: 0.01 });
    optimizer.load(bytes);
    train(second, 13, 20, optimizer);
    expect(second.dataSync()).toEqual(whole.dataSync());
  });

  it('refuses what another optimiser has saved', async () => {
    const other = await adam({ a: create(start) }).save();
    expect(() => rmsProp({ a: create(start) }).load(other)).toThrow(WeightsError);
  });

  it('leaves nothing behind', async () => {
    const weight = create(start);
    await expectNoLeaks(() => train(weight, 1, 5).dispose());
  });

  it.each([
    [{ learningRate: -1 }, /^learningRate/],
    [{ decay: 1 }, /^decay/],
    [{ epsilon: 0 }, /^epsilon/],
    [{ rate: 1 } as never, /"rate"/],
  ])('refuses %j', (options, message) => {
    expect(() => rmsProp({ a: create(start) }, options)).toThrow(OptionError);
    expect(() => rmsProp({ a: create(start) }, options)).toThrow(message);
  });
});

describe.each([
  ['adam', adam],
  ['rmsProp', rmsProp],
] as const)('%s', (_, optimizerOf) => {
  it('leaves a weight alone that has no gradient, and what it remembers of it', async () => {
    const [a, b, c] = [create([1, 2]), create([3, 4, 5]), create([6])];
    const optimizer = optimizerOf({ a, b, c }, { learningRate: 0.1 });
    const all = { a: tensor1d([1, 1]), b: tensor1d([1, -1, 2]), c: tensor1d([-1]) };
    optimizer.apply(all);
    const before = [...b.dataSync()];
    optimizer.apply({ a: all.a, c: all.c });
    optimizer.apply({});
    expect([...b.dataSync()]).toEqual(before);

    // What it remembers of b is what another remembers that never heard of a and c.
    const alone = create([3, 4, 5]);
    const other = optimizerOf({ b: alone }, { learningRate: 0.1 });
    other.apply({ b: all.b });
    other.apply({});
    other.apply({});
    optimizer.apply({ b: all.b });
    other.apply({ b: all.b });
    expect(b.dataSync()).toEqual(alone.dataSync());
  });
});
