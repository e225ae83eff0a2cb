import type { FusableAttrs, FusedKernel } from '@fastweights/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from './backend.ts';

/** By name; an input that is absent is not there. */
export type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

export type Attrs = FusableAttrs;

/** Encodes its dispatches, and answers with the results. */
export type Work = (backend: WebGpuBackend, inputs: Inputs, attrs: Attrs) => TensorInfo[];

/** A kernel of the backend `webgpu`, for the registry. */
export function webgpuKernel(
  kernelName: string,
  work: Work,
  supports?: FusedKernel['supports'],
): FusedKernel {
  return {
    kernelName,
    backendName: 'webgpu',
    ...(supports && { supports }),
    kernelFunc({ inputs, attrs = {}, backend }) {
      const results = work(backend as WebGpuBackend, inputs, attrs);
      return results.length === 1 ? (results[0] as TensorInfo) : results;
    },
  };
}

/** An input that the op always has. */
export function required(inputs: Inputs, name: string): TensorInfo {
  const input = inputs[name];
  if (!input) throw new Error(`a kernel was called without ${name}`);
  return input;
}

/** Those inputs that are there. */
export function present(inputs: Inputs, names: readonly string[]): Record<string, TensorInfo> {
  const found: Record<string, TensorInfo> = {};
  for (const name of names) {
    const input = inputs[name];
    if (input) found[name] = input;
  }
  return found;
}
