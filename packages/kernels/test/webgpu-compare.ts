import type { FusedKernel } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  add,
  backend,
  cast,
  dispose,
  grads,
  memory,
  mul,
  registerKernel,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { webgpuKernels } from '../src/webgpu/index.ts';

/** The numbers of a tensor, on no backend. */
export interface Numbers {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

export interface OpCall {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** One tensor: the op's value. */
  run(inputs: Readonly<Record<string, Tensor>>): Tensor;
}

const calls = new Map<string, number>();

/** How often a kernel has run since the last comparison began. */
export const callsOf = (kernelName: string): number => calls.get(kernelName) ?? 0;

/** Registers the kernels, each with a counter; the function that comes back takes them away again. */
export function registerCounted(): () => void {
  calls.clear();
  for (const kernel of webgpuKernels) {
    const counted: FusedKernel = {
      ...kernel,
      kernelFunc(args) {
        calls.set(kernel.kernelName, callsOf(kernel.kernelName) + 1);
        return kernel.kernelFunc(args);
      },
    };
    registerKernel(counted);
  }
  return () => {
    for (const { kernelName, backendName } of webgpuKernels) {
      unregisterKernel(kernelName, backendName);
    }
  };
}

export const placed = ({ values, shape }: Numbers): Tensor =>
  tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');

/** Value and every gradient on webgpu with kernels against the cpu reference, in memory full of NaN. */
export async function expectEqualToReference(call: OpCall, relative = 1e-5): Promise<void> {
  await setBackend('cpu');
  const expected = await evaluate(call);
  await setBackend('webgpu');
  const unregister = registerCounted();
  try {
    // The first time around fills the pool with buffers of the right sizes.
    await evaluate(call);
    poisonPool();
    calls.clear();
    const { numTensors } = memory();
    const actual = await evaluate(call);
    expect(memory().numTensors, 'tensors alive afterwards').toBe(numTensors);
    expect(callsOf(call.kernelName), `calls of ${call.kernelName}`).toBe(2);
    expect(callsOf(`${call.kernelName}Grad`), `calls of ${call.kernelName}Grad`).toBe(1);
    for (const [name, values] of Object.entries(expected)) {
      expectClose([...(actual[name] as Float32Array)], [...values], { relative }, name);
    }
  } finally {
    unregister();
  }
}

/** The value, and the gradients of a fixed combination of all its numbers. */
async function evaluate({ inputs, run }: OpCall): Promise<Record<string, Float32Array>> {
  const names = Object.keys(inputs);
  const wanted = names.filter((name) => inputs[name]?.values instanceof Float32Array);
  const tensors = tidy(() => {
    const all: Record<string, Tensor> = {};
    for (const name of names) all[name] = placed(inputs[name] as Numbers);
    const value = run(all);
    const combination = tensor(
      Float32Array.from({ length: value.size }, (_, i) => Math.sin(1 + 7 * i)),
      value.shape,
    );
    // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
    const loss = (...args: Tensor[]): Tensor => {
      const varied = Object.fromEntries(wanted.map((name, i) => [name, args[i] as Tensor]));
      const total = sum(mul(run({ ...all, ...varied }), combination));
      return args.reduce((loss, arg) => add(loss, sum(mul(cast(arg, 'float32'), 0))), total);
    };
    return [value, ...grads(loss)(wanted.map((name) => all[name] as Tensor))];
  });
  const numbers = await Promise.all(tensors.map((t) => t.data<'float32'>()));
  dispose(tensors);
  return Object.fromEntries(
    ['value', ...wanted.map((name) => `gradient of ${name}`)].map((name, i) => [
      name,
      (numbers[i] as Float32Array).slice(),
    ]),
  );
}

/** Fills all free buffers of tfjs's pool with NaN: whoever gets one next must not count on zeros. */
export function poisonPool(): void {
  const { bufferManager, queue } = backend() as unknown as {
    readonly bufferManager: { readonly freeBuffers: Map<string, GPUBuffer[]> };
    readonly queue: GPUQueue;
  };
  const poisonable = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  let poisoned = 0;
  for (const buffer of [...bufferManager.freeBuffers.values()].flat()) {
    if ((buffer.usage & poisonable) !== poisonable) continue;
    queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(Number.NaN));
    poisoned++;
  }
  expect(poisoned, 'poisoned buffers').toBeGreaterThan(0);
}
