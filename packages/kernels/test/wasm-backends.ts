import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { FusedKernel } from '@fastweights/core';
import {
  env,
  fill,
  registerKernel,
  setBackend,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { wasmKernels } from '../src/wasm/index.ts';

export type BackendName = 'wasm' | 'cpu';

const calls = new Map<string, number>();

/** How often a kernel has run since the last `register`. */
export const callsOf = (kernelName: string): number => calls.get(kernelName) ?? 0;

/** Makes a backend the active one, as `useBackend` would: one thread. What a forward keeps is a leak to IS_TEST. */
export async function activate(name: BackendName): Promise<void> {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  env().set('IS_TEST', false);
  await setBackend(name);
}

/** Registers the kernels of a backend, each with a counter; the function that comes back takes them away again. */
export async function register(name: BackendName): Promise<() => void> {
  calls.clear();
  const own = (await wasmKernels()).filter(({ backendName }) => backendName === name);
  for (const kernel of own) {
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
    for (const { kernelName } of own) unregisterKernel(kernelName, name);
  };
}

/** Leaves NaN wherever the next tensors of the wasm backend will be. */
export function poisonHeap(floats: number): void {
  for (const share of [1, 0.5, 0.25, 0.1, 0.01]) {
    tidy(() => fill([Math.ceil(floats * share)], Number.NaN));
  }
}
