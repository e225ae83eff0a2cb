import {
  type AssociativeLstmOracleInputs,
  type AssociativeLstmOracleResult,
  associativeLstmOracle,
  centralDifferences,
  expectClose,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import { grads, mul, sum, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type AssociativeLstmScanAttrs,
  type AssociativeLstmScanInputs,
  associativeLstmLastState,
  associativeLstmScan,
  OptionError,
  random,
  ShapeError,
  uniform,
} from '../src/index.ts';

const [BATCH, TIME, UNITS] = [2, 4, 6];
const stream = random(32);
const draw = (size: number, ...shape: number[]): Nested => {
  const [first, ...rest] = shape;
  if (first === undefined) return uniform(stream, -size, size);
  return Array.from({ length: first }, () => draw(size, ...rest));
};

const several: AssociativeLstmScanAttrs = {
  heads: 2,
  permutations: [
    [2, 0, 1],
    [0, 2, 1],
    [1, 0, 2],
  ],
};
const single: AssociativeLstmScanAttrs = { heads: 1, permutations: [[1, 2, 0]] };

type Numbers = AssociativeLstmOracleInputs;

function inputsFor({ heads, permutations }: AssociativeLstmScanAttrs): Required<Numbers> {
  const width = ((1 + 8 * heads) * UNITS) / 2;
  return {
    drive: draw(1.5, BATCH, TIME, width) as number[][][],
    recurrentKernel: draw(0.8, UNITS, width) as number[][],
    h: draw(1, BATCH, UNITS) as number[][],
    c: draw(1.5, BATCH, permutations.length, UNITS) as number[][][],
  };
}

const only = <K extends keyof Numbers>(inputs: Required<Numbers>, names: readonly K[]): Numbers =>
  Object.fromEntries(names.map((name) => [name, inputs[name]])) as unknown as Numbers;

const cases = [
  ['three copies and two heads, from nothing', several, ['drive', 'recurrentKernel']],
  ['three copies and two heads, from h and c', several, ['drive', 'recurrentKernel', 'h', 'c']],
  ['one copy and one head, from h', single, ['drive', 'recurrentKernel', 'h']],
  ['one copy and one head, from c', single, ['drive', 'recurrentKernel', 'c']],
] as const;

const everything = ({ outputs, c }: AssociativeLstmOracleResult): Nested =>
  outputs.map((steps, sample) => [...steps, ...(c[sample] as number[][])]);
const last = ({ outputs }: AssociativeLstmOracleResult): Nested =>
  outputs.map((steps) => steps.at(-1) as number[]);

type Scan = (inputs: AssociativeLstmScanInputs, attrs: AssociativeLstmScanAttrs) => Tensor;

describe.each([
  ['associativeLstmScan', associativeLstmScan as Scan, everything],
  ['associativeLstmLastState', associativeLstmLastState as Scan, last],
] as const)('%s', (_, scan, outputsOf) => {
  it.each(cases)('is that of its paper with %s, in every gradient', (_, attrs, names) => {
    const inputs = only(inputsFor(attrs), names);
    const oracle = (varied: Numbers): AssociativeLstmOracleResult =>
      associativeLstmOracle(varied, attrs.heads, attrs.permutations);
    const run = (...args: Tensor[]): Tensor =>
      scan(Object.fromEntries(names.map((name, i) => [name, args[i]])) as never, attrs);
    const tensors = names.map((name) => tensor(inputs[name] as never) as Tensor);

    const expected = oracle(inputs);
    expect(new Set(expected.bounded), 'both sides of the bound').toEqual(new Set([true, false]));
    expectClose(run(...tensors), outputsOf(expected));

    const squares = (...args: Tensor[]): Tensor => {
      const y = run(...args);
      return sum(mul(y, y));
    };
    for (const [i, gradient] of grads(squares)(tensors).entries()) {
      const name = names[i] as keyof Numbers;
      const values = inputs[name] as Nested;
      const differences = centralDifferences((flat) => {
        const result = oracle({ ...inputs, [name]: unflatten(flat, values) });
        const value = flatten(outputsOf(result)).reduce((s, y) => s + y * y, 0);
        return { value, pattern: result.bounded };
      }, flatten(values));
      expectClose(gradient, differences, {}, `gradient of ${name}`);
    }
  });

  it('has finite gradients where all is zero, and bound has no direction', () => {
    const loss = (drive: Tensor): Tensor =>
      sum(scan({ drive: drive as never, recurrentKernel: zeros([6, 51]) }, several));
    const [gradient] = grads(loss)([zeros([2, 3, 51])]);
    expect([...(gradient as Tensor).dataSync()].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['a drive of other units', { drive: zeros([2, 3, 34]) }, /^drive .*51/],
    ['an empty drive', { drive: zeros([2, 0, 51]) }, /^drive .*something in it/],
    ['a kernel of another number of heads', { recurrentKernel: zeros([6, 27]) }, /51/],
    ['an odd number of units', { recurrentKernel: zeros([5, 51]) }, /even/],
    ['h of another batch', { h: zeros([1, 6]) }, /^h .*\[2, 6\].*\[1, 6\]/],
    ['c of other copies', { c: zeros([2, 4, 6]) }, /^c .*\[2, 3, 6\].*\[2, 4, 6\]/],
  ])('refuses %s', (_, change, message) => {
    const inputs = { drive: zeros([2, 3, 51]), recurrentKernel: zeros([6, 51]), ...change };
    expect(() => scan(inputs as never, several)).toThrow(ShapeError);
    expect(() => scan(inputs as never, several)).toThrow(message);
  });

  it.each([
    ['no heads', { heads: 0 }, /^heads/],
    ['no copies', { permutations: [] }, /^permutations/],
    ['an order that names one twice', { permutations: [[0, 1, 1]] }, /^permutations .*0 … 2/],
    ['an order of too few', { permutations: [[0, 1]] }, /^permutations/],
    ['an index beyond the last', { permutations: [[0, 1, 3]] }, /^permutations/],
  ])('refuses %s', (_, change, message) => {
    const inputs = { drive: zeros([2, 3, 51]), recurrentKernel: zeros([6, 51]) };
    expect(() => scan(inputs as never, { ...several, ...change })).toThrow(OptionError);
    expect(() => scan(inputs as never, { ...several, ...change })).toThrow(message);
  });
});
