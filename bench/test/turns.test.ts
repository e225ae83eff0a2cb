import { describe, expect, it } from 'vitest';
import { timesOf } from '../src/turns.ts';

describe('the times of a turn', () => {
  // Updates of 3 ms, but for two of 1 ms; after every fourth, a validation of 20 ms.
  const turn = [0, 3, 6, 7, 28, 29, 32, 35, 58];

  it('are those of its fastest stretches', () => {
    expect(timesOf(turn, { stretch: 1, validateEvery: 4 })).toEqual({ update: 1, validated: 7 });
    expect(timesOf(turn, { stretch: 2, validateEvery: 4 })).toEqual({ update: 2, validated: 7 });
  });

  it('have no validation in a stretch of updates', () => {
    expect(timesOf(turn, { stretch: 3, validateEvery: 4 }).update).toBe(7 / 3);
  });

  it('are none where nothing is as long', () => {
    expect(timesOf([0, 1], { stretch: 2, validateEvery: 4 })).toEqual({
      update: Number.POSITIVE_INFINITY,
      validated: Number.POSITIVE_INFINITY,
    });
  });
});
