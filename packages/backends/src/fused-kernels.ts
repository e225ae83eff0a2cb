import type { FusedKernel } from '@fastweights/core';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-error.ts';

const onPlainMemory = async (): Promise<readonly FusedKernel[]> =>
  (await import('@fastweights/kernels/wasm')).wasmKernels();

/** Where there are any; imported when a backend is tried. */
const sources: Partial<Record<BackendName, () => Promise<readonly FusedKernel[]>>> = {
  wasm: onPlainMemory,
  cpu: onPlainMemory,
  webgpu: async () => (await import('@fastweights/kernels/webgpu')).webgpuKernels,
};

const kernelsOf = async (name: BackendName): Promise<readonly FusedKernel[]> =>
  ((await sources[name]?.()) ?? []).filter(({ backendName }) => backendName === name);

/** Puts a backend's fused kernels in place, or takes them away; kernels that somebody else registered stay. */
export async function setFusedKernels(name: BackendName, on: boolean): Promise<void> {
  for (const kernel of await kernelsOf(name)) {
    const registered = getKernel(kernel.kernelName, name);
    if (on && !registered) registerKernel(kernel);
    if (!on && registered) unregisterKernel(kernel.kernelName, name);
  }
}

/** Whether the kernel that matters most is there. */
export const hasFusedKernels = (name: BackendName): boolean =>
  getKernel('FastWeightsScan', name) !== undefined;
