import { OptionError } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import { tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adam, rateAt, rmsProp, type Schedule } from '../src/index.ts';

describe('rateAt', () => {
  it('is the number itself where nothing changes', () => {
    expect([0, 1, 1e6].map((update) => rateAt(0.3, update))).toEqual([0.3, 0.3, 0.3]);
  });

  it('falls along half a cosine', () => {
    const schedule: Schedule = { kind: 'cosine', from: 2, to: 1, updates: 4 };
    const half = Math.SQRT1_2 / 2;
    const expected = [2, 1.5 + half, 1.5, 1.5 - half, 1, 1];
    expectClose(
      [0, 1, 2, 3, 4, 99].map((update) => rateAt(schedule, update)),
      expected,
    );
  });

  it('rises in a straight line before, without a first update that moves nothing', () => {
    const schedule: Schedule = { kind: 'cosine', from: 2, updates: 8, warmUp: 4 };
    expectClose(
      [0, 1, 2, 3, 4, 6, 8].map((update) => rateAt(schedule, update)),
      [0.5, 1, 1.5, 2, 2, 1, 0],
    );
  });

  it('falls along a straight line', () => {
    const schedule: Schedule = { kind: 'linear', from: 2, to: 1, updates: 4 };
    expect([0, 1, 2, 4, 99].map((update) => rateAt(schedule, update))).toEqual([
      2, 1.75, 1.5, 1, 1,
    ]);
    expect(rateAt({ kind: 'linear', from: 3, updates: 3 }, 2)).toBe(1);
  });

  it('halves again and again, down to the least', () => {
    const schedule: Schedule = { kind: 'exponential', from: 8, halfLife: 10, least: 1.5 };
    expectClose(
      [0, 5, 10, 20, 30, 1e9].map((update) => rateAt(schedule, update)),
      [8, 8 / Math.SQRT2, 4, 2, 1.5, 1.5],
    );
  });

  it('takes steps, each from its update on', () => {
    const steps = [
      { update: 2, rate: 0.5 },
      { update: 4, rate: 0.1 },
    ];
    const schedule: Schedule = { kind: 'steps', from: 1, steps };
    expect([0, 1, 2, 3, 4, 100].map((update) => rateAt(schedule, update))).toEqual([
      1, 1, 0.5, 0.5, 0.1, 0.1,
    ]);
  });

  it('does not change when it has been a text', () => {
    const schedule: Schedule = { kind: 'cosine', from: 0.01, updates: 100 };
    expect(rateAt(JSON.parse(JSON.stringify(schedule)), 37)).toBe(rateAt(schedule, 37));
  });
});

describe.each([
  ['adam', adam],
  ['rmsProp', rmsProp],
] as const)('%s', (_, optimizerOf) => {
  const schedule: Schedule = { kind: 'exponential', from: 0.1, halfLife: 2 };
  const gradient = [3, -4, 12];

  it('moves by the rate of each update, also after save and load', async () => {
    const weight = tidy(() => variable(tensor1d([0, 0, 0])));
    const first = optimizerOf({ weight }, { learningRate: schedule });
    const other = tidy(() => variable(tensor1d([0, 0, 0])));
    const steps = async (): Promise<number[][]> => {
      const seen: number[][] = [];
      let optimizer = first;
      for (let update = 0; update < 6; update++) {
        if (update === 3) {
          const bytes = await optimizer.save();
          optimizer = optimizerOf({ weight }, { learningRate: schedule });
          optimizer.load(bytes);
        }
        tidy(() => optimizer.apply({ weight: tensor1d(gradient) }));
        seen.push([...weight.dataSync()]);
      }
      return seen;
    };
    const seen = await steps();
    const plain = optimizerOf({ other }, { learningRate: 1 });
    let before = [0, 0, 0];
    let beforePlain = [0, 0, 0];
    for (const [update, after] of seen.entries()) {
      tidy(() => plain.apply({ other: tensor1d(gradient) }));
      const afterPlain = [...other.dataSync()];
      const rate = 0.1 * 0.5 ** (update / 2);
      after.forEach((value, i) => {
        const moved = value - (before[i] as number);
        const movedPlain = (afterPlain[i] as number) - (beforePlain[i] as number);
        expectClose([moved], [rate * movedPlain], { relative: 1e-4, absolute: 1e-6 });
      });
      [before, beforePlain] = [after, afterPlain];
    }
  });

  it('moves as if gradients that are too long were shorter', () => {
    const [weight, other] = [variable(tensor1d([1, 1, 1])), variable(tensor1d([1, 1, 1]))];
    const options = { learningRate: 0.1, epsilon: 0.5 };
    optimizerOf({ weight }, { ...options, clipNorm: 1.3 }).apply({ weight: tensor1d(gradient) });
    const shorter = gradient.map((g) => g / 10);
    optimizerOf({ other }, options).apply({ other: tensor1d(shorter) });
    expectClose(weight, [...other.dataSync()]);
  });

  it.each<[learningRate: unknown, message: RegExp]>([
    [{ kind: 'odd', from: 1 }, /^learningRate.kind must be one of "cosine", "exponential"/],
    [{ kind: 'linear', from: 1 }, /^learningRate.updates/],
    [{ kind: 'linear', from: 1, updates: 5, to: -1 }, /^learningRate.to/],
    [
      { kind: 'linear', from: 1, updates: 5, warmUp: 1 },
      /learningRate must be among kind, from, to/,
    ],
    [{ kind: 'cosine', from: 1 }, /^learningRate.updates/],
    [{ kind: 'cosine', from: 1, updates: 5, warmUp: 5 }, /^learningRate.updates .*at least 6/],
    [{ kind: 'cosine', from: -1, updates: 5 }, /^learningRate.from/],
    [{ kind: 'cosine', from: 1, updates: 5, halfLife: 1 }, /"halfLife"/],
    [{ kind: 'exponential', from: 1, halfLife: 0 }, /^learningRate.halfLife/],
    [{ kind: 'exponential', from: 1, halfLife: 1, least: Number.NaN }, /^learningRate.least/],
    [{ kind: 'steps', from: 1 }, /^learningRate.steps must be a list/],
    [{ kind: 'steps', from: 1, steps: [{ update: 1 }] }, /^learningRate.steps\[0\].rate/],
    [
      {
        kind: 'steps',
        from: 1,
        steps: [
          { update: 5, rate: 1 },
          { update: 5, rate: 1 },
        ],
      },
      /^learningRate.steps\[1\].update .*at least 6/,
    ],
    ['fast', /^learningRate/],
    [null, /^learningRate/],
  ])('refuses %j', (learningRate, message) => {
    const weight = variable(tensor1d([1]));
    const create = (): unknown => optimizerOf({ weight }, { learningRate: learningRate as never });
    expect(create).toThrow(OptionError);
    expect(create).toThrow(message);
  });

  it.each([0, -1, Number.NaN])('refuses to clip to %f', (clipNorm) => {
    const weight = variable(tensor1d([1]));
    expect(() => optimizerOf({ weight }, { clipNorm })).toThrow(/^clipNorm/);
  });
});
