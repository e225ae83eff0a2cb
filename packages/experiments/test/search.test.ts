import { random, splitSeed, uniform } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { drawSettings, type SearchSpace } from '../src/index.ts';

const space: SearchSpace = {
  rate: { kind: 'log-uniform', low: 0.001, high: 1 },
  share: { kind: 'uniform', low: 2, high: 4 },
  steps: { kind: 'choice', values: [1, 2, 5] },
};

const many = (path: string, range: SearchSpace[string], count = 3000): number[] =>
  Array.from({ length: count }, (_, i) => {
    return drawSettings({ [path]: range }, { seed: 1, trial: i + 1 })[path] as number;
  });

describe('random search', () => {
  it('draws the same settings for the same seed and trial, which are these', () => {
    const own: SearchSpace = {
      'training.stepSize': { kind: 'log-uniform', low: 0.0001, high: 0.01 },
      'training.entropyBonus': { kind: 'log-uniform', low: 0.001, high: 0.1 },
      'model.innerSteps': { kind: 'choice', values: [1, 2, 3] },
      'model.learningRate': { kind: 'log-uniform', low: 0.1, high: 1 },
      'model.decayRate': { kind: 'uniform', low: 0.85, high: 1 },
    };
    expect([1, 2, 3].map((trial) => drawSettings(own, { seed: 2016, trial }))).toEqual([
      {
        'training.stepSize': 0.000191,
        'training.entropyBonus': 0.00509,
        'model.innerSteps': 1,
        'model.learningRate': 0.636,
        'model.decayRate': 0.916,
      },
      {
        'training.stepSize': 0.000248,
        'training.entropyBonus': 0.051,
        'model.innerSteps': 2,
        'model.learningRate': 0.416,
        'model.decayRate': 0.886,
      },
      {
        'training.stepSize': 0.00419,
        'training.entropyBonus': 0.0306,
        'model.innerSteps': 1,
        'model.learningRate': 0.149,
        'model.decayRate': 0.952,
      },
    ]);
    expect(drawSettings(own, { seed: 2017, trial: 1 })).not.toEqual(
      drawSettings(own, { seed: 2016, trial: 1 }),
    );
  });

  it('draws logarithms evenly, by a stream of the setting’s own', () => {
    const stream = random(splitSeed(7, 'rate of trial 4'));
    const expected = 10 ** (3 * uniform(stream, 0, 1) - 3);
    expect(drawSettings(space, { seed: 7, trial: 4 })['rate']).toBeCloseTo(expected, 3);
    const rates = many('rate', space['rate'] as SearchSpace[string]);
    for (const [low, high] of [
      [0.001, 0.01],
      [0.01, 0.1],
      [0.1, 1],
    ] as const) {
      const inside = rates.filter((rate) => rate >= low && rate < high).length;
      expect(inside / rates.length).toBeGreaterThan(0.3);
      expect(inside / rates.length).toBeLessThan(0.37);
    }
  });

  it('draws numbers between their ends, and each choice as often', () => {
    const shares = many('share', space['share'] as SearchSpace[string]);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...shares)).toBeLessThanOrEqual(4);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(2.95);
    expect(mean).toBeLessThan(3.05);
    const steps = many('steps', space['steps'] as SearchSpace[string]);
    for (const choice of [1, 2, 5]) {
      const count = steps.filter((step) => step === choice).length;
      expect(count / steps.length).toBeGreaterThan(0.3);
    }
    expect(new Set(steps)).toEqual(new Set([1, 2, 5]));
  });

  it('draws three digits, and a setting whatever else is searched over', () => {
    const { rate, ...others } = drawSettings(space, { seed: 3, trial: 9 });
    expect(Number(rate?.toPrecision(3))).toBe(rate);
    expect(drawSettings({ rate: space['rate'] as never }, { seed: 3, trial: 9 })).toEqual({ rate });
    expect(Object.keys(others)).toEqual(['share', 'steps']);
  });
});
