import { ArgumentError, OptionError, random, uniform, unroll } from '@fastweights/core';
import {
  centralDifferences,
  describeCell,
  expectClose,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import { grads, mul, sum, type Tensor, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lstmCell } from '../src/index.ts';

const inputSize = 3;
const units = 5;

describeCell('lstmCell', {
  create: (seed) => lstmCell({ inputSize, units, seed }),
  weightCount: 4 * units * (inputSize + units + 1),
});

type Matrix = number[][];

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** The cell as its papers write it, in plain numbers: outputs by sample and step. */
function oracle(inputs: number[][][], C: Matrix, W: Matrix, b: number[]): number[][][] {
  return inputs.map((sequence) => {
    let h = new Array<number>(units).fill(0);
    let c = new Array<number>(units).fill(0);
    return sequence.map((x) => {
      const gate = (k: number, u: number): number => {
        const column = k * units + u;
        const fromInput = x.reduce((s, v, i) => s + v * (C[i]?.[column] as number), 0);
        const fromState = h.reduce((s, v, i) => s + v * (W[i]?.[column] as number), 0);
        return (b[column] as number) + fromInput + fromState;
      };
      c = c.map((old, u) => sigma(gate(1, u)) * old + sigma(gate(0, u)) * Math.tanh(gate(2, u)));
      h = c.map((cell, u) => sigma(gate(3, u)) * Math.tanh(cell));
      return h;
    });
  });
}

describe('lstmCell', () => {
  const stream = random(3);
  const inputs = Array.from({ length: 2 }, () =>
    Array.from({ length: 6 }, () =>
      Array.from({ length: inputSize }, () => uniform(stream, -2, 2)),
    ),
  );

  it('is the LSTM of its papers, in every output and gradient', () => {
    const cell = lstmCell({ inputSize, units, seed: 4 });
    const { kernel, recurrentKernel, bias } = cell.weights;
    const parts = [inputs, kernel.arraySync(), recurrentKernel.arraySync(), bias.arraySync()];
    const run = (values: Nested[]): Nested =>
      oracle(...(values as [number[][][], Matrix, Matrix, number[]]));

    const x = tensor3d(inputs);
    expectClose(unroll(cell, x)[0], run(parts));
    const loss = (input: Tensor): Tensor => {
      const [outputs] = unroll(cell, input as Tensor3D);
      return sum(mul(outputs, outputs));
    };
    const gradients = grads(loss)([x, kernel, recurrentKernel, bias]);
    const sizes = parts.map((part) => flatten(part).length);
    const expected = centralDifferences((values) => {
      let at = 0;
      const again = parts.map((part, i) => {
        const own = values.slice(at, at + (sizes[i] as number));
        at += sizes[i] as number;
        return unflatten(own, part);
      });
      const value = flatten(run(again)).reduce((s, y) => s + y * y, 0);
      return { value, pattern: [] };
    }, parts.flatMap(flatten));
    expectClose(
      gradients.flatMap((g) => [...g.dataSync()]),
      expected,
    );
  });

  it('starts with its forget gate open', () => {
    const bias = [...lstmCell({ inputSize, units, forgetBias: 2 }).weights.bias.dataSync()];
    expect(bias.slice(units, 2 * units)).toEqual(new Array(units).fill(2));
    expect(bias.filter((value) => value !== 0)).toHaveLength(units);
  });

  it.each([
    [{ units: 0 }, /^units/],
    [{ inputSize: 1.5 }, /^inputSize/],
    [{ forgetBias: Number.NaN }, /^forgetBias/],
    [{ seed: -1 }, /^seed/],
    [{ forget: 1 } as never, /"forget"/],
    [{ initializers: { bias: 1 } } as never, /"bias"/],
  ])('refuses %j', (change, message) => {
    expect(() => lstmCell({ inputSize, units, ...change })).toThrow(OptionError);
    expect(() => lstmCell({ inputSize, units, ...change })).toThrow(message);
  });

  it('refuses the state of another kind of cell', () => {
    const cell = lstmCell({ inputSize, units });
    const { h } = cell.initialState(2);
    expect(() => unroll(cell, tensor3d(inputs), { h } as never)).toThrow(ArgumentError);
  });
});
