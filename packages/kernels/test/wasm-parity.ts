import { linear, random, uniform } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import {
  add,
  fill,
  grads,
  mul,
  type Rank,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activate, callsOf, poisonHeap, register } from './wasm-backends.ts';

/** A call of an op. */
export interface ParityCase {
  readonly name: string;
  /** The inputs that have a gradient, made anew on the active backend. */
  inputs(): Tensor[];
  run(...inputs: Tensor[]): Tensor;
  /** Whether to go through its second derivatives too. */
  readonly second?: boolean;
}

/** Numbers between −size and size that are the same in every run. */
export function draw(seed: number, shape: readonly number[], size = 1): Tensor {
  const stream = random(seed);
  const count = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: count }, () => uniform(stream, -size, size));
  return tensor(values, [...shape], 'float32');
}

/** NaN wherever the next call will find memory: in tfjs's heap, and in the kernels' own. */
export function poison(floats = 300_000): void {
  poisonHeap(floats);
  const [rows, terms, columns] = [Math.ceil(floats / 128), 16, 128];
  tidy(() => linear(fill([rows, terms], Number.NaN), fill<Rank.R2>([terms, columns], Number.NaN)));
}

type Loss = (...args: Tensor[]) => Tensor;

const valuesOf = (tensors: readonly Tensor[]): number[][] =>
  tensors.map((result) => [...result.dataSync()]);

/** The numbers of the value, of every gradient of a weighed sum of it, and of gradients of their squares. */
function evaluate({ inputs, run, second = false }: ParityCase, before: () => void): number[][][] {
  return tidy(() => {
    const args = inputs();
    // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
    const withAll = (total: Tensor, args: readonly Tensor[]): Tensor =>
      args.reduce((rest, arg) => add(rest, sum(mul(arg, 0))), total);
    const loss: Loss = (...args) => {
      const y = run(...args);
      return withAll(sum(mul(mul(y, y), draw(9, y.shape))), args);
    };
    const squares: Loss = (...args) => {
      const norms = grads(loss)(args).map((gradient) => sum(mul(gradient, gradient)));
      return withAll(
        norms.reduce((a, b) => add(a, b)),
        args,
      );
    };
    before();
    const value = valuesOf([run(...args)]);
    before();
    const first = valuesOf(grads(loss)(args));
    return [value, first, second ? valuesOf(grads(squares)(args)) : []];
  });
}

/** Kernels against the reference, on both backends, on poisoned memory; and the proof that they ran. */
export function describeParity(kernelName: string, cases: readonly ParityCase[]): void {
  describe.each(['cpu', 'wasm'] as const)(`${kernelName} on %s`, (backend) => {
    let unregister = (): void => {};
    beforeAll(() => activate(backend));
    afterEach(() => unregister());

    it.each(cases)('$name', async (parityCase) => {
      const expected = evaluate(parityCase, () => {});
      unregister = await register(backend);
      poison();
      const [forward, backward] = [callsOf(kernelName), callsOf(`${kernelName}Grad`)];
      await expectNoLeaks(() => {
        const actual = evaluate(parityCase, poison);
        ['value', 'gradient', 'second derivative'].forEach((what, order) => {
          (expected[order] as number[][]).forEach((values, i) => {
            expectClose(actual[order]?.[i] as number[], values, {}, `${what} ${i}`);
          });
        });
      });
      expect(callsOf(kernelName), 'calls of the forward').toBeGreaterThanOrEqual(forward + 2);
      expect(callsOf(`${kernelName}Grad`), 'calls of the backward').toBeGreaterThan(backward);
    });
  });
}
