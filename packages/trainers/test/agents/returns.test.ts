import { describe, expect, it } from 'vitest';
import { discountedReturns } from '../../src/agents/returns.ts';

describe('returns', () => {
  const returns = (rewards: number[], discounts: number[], last: number): number[] => [
    ...discountedReturns(Float32Array.from(rewards), Float32Array.from(discounts), last),
  ];

  it('go back from the value of what was seen last', () => {
    // 3 + ½ · 8 = 7, 2 + ½ · 7 = 5.5, 1 + ½ · 5.5 = 3.75
    expect(returns([1, 2, 3], [0.5, 0.5, 0.5], 8)).toEqual([3.75, 5.5, 7]);
  });

  it('are of one episode: what comes after its end does not count', () => {
    // The second step ends an episode: 2 alone.
    expect(returns([1, 2, 3], [0.5, 0, 0.5], 8)).toEqual([2, 2, 7]);
    expect(returns([0, 0, -1], [0.5, 0.5, 0], 1000)).toEqual([-0.25, -0.5, -1]);
    expect(returns([1], [0], Number.NaN)).toEqual([1]);
  });

  it('of n steps with γ = 1 are sums', () => {
    expect(returns([1, 1, 1, 1], [1, 1, 1, 1], 0)).toEqual([4, 3, 2, 1]);
  });

  it('of γ = 0 are the rewards', () => {
    expect(returns([3, 1, 2], [0, 0, 0], 9)).toEqual([3, 1, 2]);
  });
});
