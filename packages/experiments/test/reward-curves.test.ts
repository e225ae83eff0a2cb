import { describe, expect, it } from 'vitest';
import type { RewardPoint } from '../src/index.ts';
import { areaUnder, framesUntil, meanCurve, rewardAtEnd } from '../src/reproduce/reward-curves.ts';

/** Pairs of frames and mean reward. */
const curve = (...points: readonly (readonly [number, number])[]): RewardPoint[] =>
  points.map(([frames, meanReward]) => ({ frames, meanReward }));

describe('a curve of rewards', () => {
  it('has an area in which each report counts as long as it lasted', () => {
    expect(areaUnder(curve([100, -0.5], [200, 0.5]))).toBeCloseTo(0, 12);
    expect(areaUnder(curve([100, -1], [400, 1]))).toBeCloseTo(0.5, 12);
    expect(areaUnder([])).toBeNaN();
  });

  it('ends with the mean over the last tenth of its frames', () => {
    expect(rewardAtEnd(curve([900, 0], [950, 0.4], [1000, 0.8]))).toBeCloseTo(0.6, 12);
    expect(rewardAtEnd(curve([925, 0.2], [1000, 1]))).toBeCloseTo(0.8, 12);
    expect(rewardAtEnd(curve([7, 0.3]))).toBeCloseTo(0.3, 12);
    expect(rewardAtEnd([])).toBeNaN();
  });

  it('reaches a level on the line between two reports, the first time that it does', () => {
    const up = curve([100, 0.5], [200, 0.7], [300, 1.1], [400, 0.2], [500, 1]);
    expect(framesUntil(up, 0.9)).toBeCloseTo(250, 10);
    expect(framesUntil(up, 0.7)).toBe(200);
    expect(framesUntil(up, 0.4)).toBe(100);
    expect(framesUntil(up, 1.2)).toBeUndefined();
    expect(framesUntil([], 0)).toBeUndefined();
  });

  it('is averaged with others where all have something to say', () => {
    const mean = meanCurve([
      curve([100, 0], [200, 1], [300, 1]),
      curve([150, 0], [250, 1], [350, 1]),
    ]);
    expect(mean.map(({ frames }) => frames)).toEqual([150, 200, 250, 300]);
    expect(mean.map(({ meanReward }) => meanReward)).toEqual([0.25, 0.75, 1, 1]);
    expect(mean[0]?.spread).toBeCloseTo(Math.SQRT1_2 / 2, 12);
    expect(mean[2]?.spread).toBe(0);
  });

  it('is itself where it is alone, and nothing where there is none', () => {
    const alone = curve([1, 0.1], [2, 0.2]);
    expect(meanCurve([alone, []])).toEqual(alone.map((point) => ({ ...point, spread: 0 })));
    expect(meanCurve([])).toEqual([]);
    expect(meanCurve([curve([1, 0]), curve([5, 1])])).toEqual([]);
  });
});
