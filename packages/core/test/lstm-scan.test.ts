import {
  centralDifferences,
  expectClose,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import { grads, mul, sum, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type LstmScanInputs,
  lstmLastState,
  lstmScan,
  random,
  ShapeError,
  uniform,
} from '../src/index.ts';

const [BATCH, TIME, UNITS] = [3, 4, 5];
const stream = random(31);
const draw = (...[size, ...rest]: number[]): Nested =>
  size === undefined ? uniform(stream, -1, 1) : Array.from({ length: size }, () => draw(...rest));

type Matrix = readonly (readonly number[])[];

const numbers = {
  drive: draw(BATCH, TIME, 4 * UNITS) as readonly Matrix[],
  recurrentKernel: draw(UNITS, 4 * UNITS) as Matrix,
  h: draw(BATCH, UNITS) as Matrix,
  c: draw(BATCH, UNITS) as Matrix,
};
type Numbers = Partial<typeof numbers>;

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** h(1) … h(T) of every sample, and c(T) after them. */
function oracle({ drive = [], recurrentKernel = [], h, c }: Numbers): number[][][] {
  return drive.map((steps, sample) => {
    let hidden = h?.[sample] ?? new Array<number>(UNITS).fill(0);
    let cell = c?.[sample] ?? new Array<number>(UNITS).fill(0);
    const outputs = steps.map((x) => {
      const sums = x.map((value, column) =>
        hidden.reduce((s, v, i) => s + v * (recurrentKernel[i]?.[column] as number), value),
      );
      const gate = (k: number, u: number): number => sums[k * UNITS + u] as number;
      cell = cell.map(
        (old, u) => sigma(gate(1, u)) * old + sigma(gate(0, u)) * Math.tanh(gate(2, u)),
      );
      hidden = cell.map((value, u) => sigma(gate(3, u)) * Math.tanh(value));
      return [...hidden];
    });
    return [...outputs, [...cell]];
  });
}

/** What a sum of squares of outputs has for gradients, one input after the other. */
function oracleGradients(inputs: Numbers, outputsOf: (all: number[][][]) => Nested): number[][] {
  return Object.entries(inputs).map(([name, values]) =>
    centralDifferences((flat) => {
      const varied = { ...inputs, [name]: unflatten(flat, values) };
      const value = flatten(outputsOf(oracle(varied))).reduce((s, y) => s + y * y, 0);
      return { value, pattern: [] };
    }, flatten(values)),
  );
}

const lastOf = (all: number[][][]): number[][] => all.map((steps) => steps.at(-2) as number[]);

const { drive, recurrentKernel, h, c } = numbers;
const states: readonly (readonly [name: string, inputs: Numbers])[] = [
  ['zero', { drive, recurrentKernel }],
  ['h and c', numbers],
  ['h', { drive, recurrentKernel, h }],
  ['c', { drive, recurrentKernel, c }],
];

describe.each([
  ['lstmScan', lstmScan, (all: number[][][]): Nested => all],
  ['lstmLastState', lstmLastState, lastOf],
] as const)('%s', (_, scan: (inputs: LstmScanInputs) => Tensor, outputsOf) => {
  it.each(states)('is the LSTM of its papers from the state %s, in every gradient', (_, inputs) => {
    const names = Object.keys(inputs);
    const run = (...args: Tensor[]): Tensor =>
      scan(Object.fromEntries(names.map((name, i) => [name, args[i]])) as never);
    const tensors = Object.values(inputs).map((values) => tensor(values as never) as Tensor);
    expectClose(run(...tensors), outputsOf(oracle(inputs)));
    const squares = (...args: Tensor[]): Tensor => {
      const y = run(...args);
      return sum(mul(y, y));
    };
    const expected = oracleGradients(inputs, outputsOf);
    grads(squares)(tensors).forEach((gradient, i) => {
      expectClose(gradient, expected[i] as number[], {}, names[i]);
    });
  });

  it.each([
    ['a drive of other units', { drive: zeros([2, 3, 8]) }, /^drive .*20/],
    ['an empty drive', { drive: zeros([2, 0, 20]) }, /^drive .*something in it/],
    ['a kernel that is not four times as wide', { recurrentKernel: zeros([5, 5]) }, /20/],
    ['h of another batch', { h: zeros([1, 5]) }, /^h .*\[2, 5\].*\[1, 5\]/],
    ['c of other units', { c: zeros([2, 4]) }, /^c .*\[2, 5\].*\[2, 4\]/],
  ])('refuses %s', (_, change, message) => {
    const inputs = { drive: zeros([2, 3, 20]), recurrentKernel: zeros([5, 20]), ...change };
    expect(() => scan(inputs as never)).toThrow(ShapeError);
    expect(() => scan(inputs as never)).toThrow(message);
  });
});
