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

/** What is registered by us, so that kernels of somebody else's stay. */
const ours = new Map<BackendName, FusedKernel[]>();

/** Puts a backend's fused kernels in place, where nobody else's are. */
export async function addFusedKernels(name: BackendName): Promise<void> {
  if (ours.has(name)) return;
  const all = ((await sources[name]?.()) ?? []).filter(({ backendName }) => backendName === name);
  // A backward knows what its own forward kept: the two come together or not at all.
  const isTaken = (kernelName: string): boolean =>
    [kernelName, `${kernelName}Grad`].some((each) => getKernel(each, name) !== undefined);
  const missing = all.filter(({ kernelName }) => !isTaken(kernelName.replace(/Grad$/, '')));
  for (const kernel of missing) registerKernel(kernel);
  ours.set(name, missing);
}

/** Takes them away again. */
export function removeFusedKernels(name: BackendName): void {
  for (const kernel of ours.get(name) ?? []) {
    // Somebody may have put another in its place.
    if (getKernel(kernel.kernelName, name) === kernel) unregisterKernel(kernel.kernelName, name);
  }
  ours.delete(name);
}

/** Whether they are there now. */
export const areAdded = (name: BackendName): boolean => ours.has(name);

/** Whether the kernel that matters most is there. */
export const hasFusedKernels = (name: BackendName): boolean =>
  getKernel('FastWeightsScan', name) !== undefined;
