import type { BackendName } from '@fastweights/backends';
import {
  getBackend,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

export const backendNames: readonly BackendName[] = [
  'tensorflow',
  'webgpu',
  'wasm',
  'webgl',
  'cpu',
];

/** Our kernels on the active backend, which can be taken out and put back. */
export interface FusedKernels {
  readonly names: readonly string[];
  remove(): void;
  restore(): void;
}

export function fusedKernels(): FusedKernels {
  const backend = getBackend();
  const ours: KernelConfig[] = getKernelsForBackend(backend).filter(({ kernelName }) =>
    kernelName.startsWith('FastWeights'),
  );
  const there = new Set(ours);
  return {
    names: ours.map(({ kernelName }) => kernelName),
    remove() {
      for (const kernel of there) unregisterKernel(kernel.kernelName, backend);
      there.clear();
    },
    restore() {
      for (const kernel of ours) if (!there.has(kernel)) registerKernel(kernel);
      for (const kernel of ours) there.add(kernel);
    },
  };
}
