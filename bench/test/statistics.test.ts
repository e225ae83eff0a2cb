import { describe, expect, it } from 'vitest';
import { median, spread } from '../src/statistics.ts';

describe('the statistics of rounds', () => {
  it.each([
    [[3], 3],
    [[10, 9, 1], 9],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %d', (values, expected) => {
    const before = [...values];
    expect(median(values)).toBe(expected);
    expect(values).toEqual(before);
  });

  it('have no median of nothing', () => {
    expect(median([])).toBeNaN();
  });

  it('measure the spread by the median', () => {
    expect(spread([2, 2, 2])).toBe(0);
    expect(spread([1, 2, 4])).toBe(1.5);
  });
});
