import { describe, expect, test } from 'vitest';
import {
  centralDifferences,
  directionalDifference,
  flatten,
  KinkError,
  type Loss,
  unflatten,
} from '../src/central-differences.ts';

/** L = x² y + sin(z): dL = [2xy, x², cos z]. */
const smooth: Loss = ([x = 0, y = 0, z = 0]) => ({
  value: x * x * y + Math.sin(z),
  pattern: [true, false],
});
const point = [1.5, -2, 0.3];
const gradient = [2 * 1.5 * -2, 1.5 ** 2, Math.cos(0.3)];

/** L = Σ f(v): derivative 1 above 0, 0 below. */
const relu: Loss = (values) => ({
  value: values.reduce((sum, v) => sum + Math.max(0, v), 0),
  pattern: values.map((v) => v > 0),
});

describe('centralDifferences', () => {
  test('the analytic gradient, element by element', () => {
    const numeric = centralDifferences(smooth, point);
    expect(numeric).toEqual(gradient.map((g) => expect.closeTo(g, 8)));
  });

  test('second order in the step: sin differs from its slope by the factor sin(step)/step', () => {
    const [, , dz] = centralDifferences(smooth, point, 0.5);
    expect(dz).toBeCloseTo((Math.cos(0.3) * Math.sin(0.5)) / 0.5, 12);
  });

  test('the values are as before afterwards', () => {
    const values = [...point];
    centralDifferences(smooth, values);
    expect(values).toEqual(point);
  });

  test('both sides of a ReLU', () => {
    expect(centralDifferences(relu, [2, -3])).toEqual([expect.closeTo(1, 9), 0]);
  });

  test('a kink within the step is refused, and told where', () => {
    const attempt = () => centralDifferences(relu, [2, 0.5e-5]);
    expect(attempt).toThrow(KinkError);
    expect(attempt).toThrow(/element 1: pre-activation 1 .* draw another sample/);
    expect(() => centralDifferences(relu, [-0.5e-5, 2])).toThrow(/element 0: pre-activation 0 /);
    expect(centralDifferences(relu, [2, 0.5e-5], 1e-6)).toEqual([
      expect.closeTo(1, 8),
      expect.closeTo(1, 8),
    ]);
  });

  test('a loss that is not a number is refused, and is no kink that another sample would hide', () => {
    const logarithm: Loss = ([x = 0]) => ({ value: Math.log(x), pattern: [x > 0] });
    expect(() => centralDifferences(logarithm, [0.5e-5])).toThrow(/element 0: .* NaN behind/);
    const mirrored: Loss = ([x = 0]) => logarithm([-x]);
    expect(() => centralDifferences(mirrored, [-0.5e-5])).toThrow(
      /element 0: the loss is NaN ahead/,
    );
  });

  test('a pattern that changes its length is refused', () => {
    const ragged: Loss = ([x = 0]) => ({ value: x, pattern: x > 1 ? [true] : [] });
    expect(() => centralDifferences(ragged, [1])).toThrow(/more pre-activations/);
  });
});

describe('directionalDifference', () => {
  test('the gradient’s product with the direction, which is not normalised', () => {
    const direction = [0.5, -2, 3];
    const expected = gradient.reduce((sum, g, i) => sum + g * (direction[i] ?? Number.NaN), 0);
    expect(directionalDifference(smooth, point, direction)).toBeCloseTo(expected, 8);
    const doubled = direction.map((d) => 2 * d);
    expect(directionalDifference(smooth, point, doubled)).toBeCloseTo(2 * expected, 8);
  });

  test('a kink on the way is refused', () => {
    expect(() => directionalDifference(relu, [1, 1], [0, 2], 0.6)).toThrow(KinkError);
    expect(directionalDifference(relu, [1, 1], [0, 2], 0.4)).toBeCloseTo(2, 12);
  });

  test('a direction of another length is refused', () => {
    expect(() => directionalDifference(relu, [1, 1], [1])).toThrow(/as long/);
  });
});

describe('flatten and unflatten', () => {
  const nested = [[[1, 2], [3]], [], 4];

  test('in reading order', () => {
    expect(flatten(nested)).toEqual([1, 2, 3, 4]);
  });

  test('and back, into the same nesting', () => {
    expect(unflatten([5, 6, 7, 8], nested)).toEqual([[[5, 6], [7]], [], 8]);
  });

  test('several arrays at once keep their types', () => {
    const kernel: number[][] = [
      [1, 2],
      [3, 4],
    ];
    const gain: number[] = [5];
    const values = flatten([kernel, gain]).map((v) => 10 * v);
    const [kernel10, gain10]: readonly [number[][], number[]] = unflatten(values, [kernel, gain]);
    expect(kernel10).toEqual([
      [10, 20],
      [30, 40],
    ]);
    expect(gain10).toEqual([50]);
  });

  test('a wrong number of values is refused', () => {
    expect(() => unflatten([1, 2, 3], nested)).toThrow(/too few/);
    expect(() => unflatten([1, 2, 3, 4, 5], nested)).toThrow(/too many/);
  });
});
