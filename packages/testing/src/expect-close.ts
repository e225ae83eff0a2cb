import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { flatten, type Nested } from './central-differences.ts';

export interface Tolerance {
  /** Root mean square of the difference, relative to that of what is expected. */
  readonly relative?: number;
  /** The same, absolute: for where zero is expected. */
  readonly absolute?: number;
}

/** What counts as an expected zero: central differences of a constant are rounding noise, not 0. */
const ZERO = 1e-8;

/** Fails unless two arrays of numbers agree as a whole; NaN and infinities fail. */
export function expectClose(
  actual: Tensor | Nested,
  expected: Tensor | Nested,
  { relative = 1e-5, absolute = 1e-6 }: Tolerance = {},
  what = 'values',
): void {
  const [a, b] = [numbers(actual), numbers(expected)];
  expect(a.length, `how many ${what}`).toBe(b.length);
  for (const [name, values] of [
    ['actual', a],
    ['expected', b],
  ] as const) {
    const bad = values.findIndex((x) => !Number.isFinite(x));
    expect(bad, `the first ${name} ${what} that is not finite: ${values[bad]}`).toBe(-1);
  }
  const size = rms(b);
  const error = rms(a.map((x, i) => x - (b[i] ?? Number.NaN)));
  const [limit, kind] =
    size < ZERO ? [absolute, 'absolute'] : [relative * size, `relative to ${size}`];
  expect(error, `the error of the ${what} (${kind})`).toBeLessThanOrEqual(limit);
}

function numbers(values: Tensor | Nested): number[] {
  if (typeof values === 'object' && 'dataSync' in values) return [...values.dataSync()];
  return flatten(values);
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / Math.max(values.length, 1));
}
