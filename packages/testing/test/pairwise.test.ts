import { describe, expect, test } from 'vitest';
import { pairwise } from '../src/pairwise.ts';

type Factors = Record<string, readonly unknown[]>;

/** Every pair of values of every two factors that no row has. */
function uncovered(factors: Factors, rows: readonly Record<string, unknown>[]): string[] {
  const names = Object.keys(factors);
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .flatMap((b) =>
        (factors[a] ?? []).flatMap((x) =>
          (factors[b] ?? [])
            .filter((y) => !rows.some((row) => Object.is(row[a], x) && Object.is(row[b], y)))
            .map((y) => `${a}=${x} ${b}=${y}`),
        ),
      ),
  );
}

const shapes: Factors[] = [
  { a: [0, 1], b: ['x', 'y', 'z'] },
  { a: [0, 1], b: [0, 1], c: [0, 1] },
  { a: [1, 2, 3], b: [1, 2, 3], c: [1, 2, 3], d: [1, 2, 3] },
  { a: [1], b: [1, 2, 3, 4, 5], c: [true, false], d: [undefined, null] },
  { S: [0, 1, 2, 3], B: [1, 5], T: [1, 2, 12], H: [1, 2, 7], ln: [[], ['inner']], w: [1, 2, 3] },
  Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, [0, 1, 2].slice(i % 2)])),
];

describe('pairwise', () => {
  test.each(shapes)('covers every pair: %j', (factors) => {
    const rows = pairwise(factors);
    expect(uncovered(factors, rows)).toEqual([]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(Object.keys(factors));
      for (const [name, value] of Object.entries(row)) expect(factors[name]).toContain(value);
    }
  });

  test('the check of coverage notices a missing row', () => {
    const factors = { a: [0, 1], b: [0, 1] };
    expect(uncovered(factors, pairwise(factors).slice(1))).toEqual(['a=0 b=0']);
  });

  test('is small: two factors are their product, 2³ is halved, 3⁴ and 3¹² stay near the least', () => {
    const ternary = (count: number): Factors =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, [0, 1, 2]]));
    expect(pairwise({ a: [0, 1], b: [0, 1, 2] })).toHaveLength(6);
    expect(pairwise({ a: [0, 1], b: [0, 1], c: [0, 1] })).toHaveLength(4);
    expect(pairwise(ternary(4)).length).toBeLessThanOrEqual(12);
    expect(pairwise(ternary(12)).length).toBeLessThanOrEqual(27);
  });

  test('is deterministic', () => {
    const factors = { a: [0, 1, 2], b: [0, 1, 2], c: [0, 1] };
    expect(pairwise(factors)).toEqual(pairwise(factors));
    expect(pairwise({ a: [0, 1], b: ['x', 'y'] })[0]).toEqual({ a: 0, b: 'x' });
  });

  test('one factor is listed, none gives nothing, an empty one is refused', () => {
    expect(pairwise({ a: [1, 2, 3] })).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(pairwise({})).toEqual([]);
    expect(() => pairwise({ a: [1], b: [] })).toThrow(/no values for b/);
  });

  test('the values keep their literal types', () => {
    const [row] = pairwise({ settling: ['sustained', 'free'], innerSteps: [0, 1] });
    const settling: 'sustained' | 'free' | undefined = row?.settling;
    expect(settling).toBe('sustained');
  });
});
