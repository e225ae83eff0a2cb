import { existsSync } from 'node:fs';
import { engine, env, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LOADERS = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].map(
  (folder) => `/usr/lib/${folder}libvulkan.so.1`,
);

/** Why there is no WebGPU here, and the cure; undefined where there is. */
const missing: string | undefined =
  LOADERS.some(existsSync) && (process.env['VK_ICD_FILENAMES'] || existsSync(DRIVER))
    ? undefined
    : 'no software Vulkan driver: apt-get install chromium libvulkan1';

/** Dawn's instance, which the process does not outlive. */
let gpu: GPU | undefined;

/** What devices have had against shaders and commands in a test: the result is zeros, and nobody knows. */
export const complaints: string[] = [];

/**
 * Makes tfjs's webgpu backend, on an emulated GPU, the active one: always a new one, with an empty pool. The device has
 * WebGPU's least limits, unless told.
 */
export async function startWebGpu(limits: Readonly<Record<string, number>> = {}): Promise<void> {
  process.env['VK_ICD_FILENAMES'] ??= DRIVER;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  gpu ??= create([]);
  const navigator = (globalThis.navigator ?? {}) as Navigator;
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('WebGPU gives no adapter');
  const device = await adapter.requestDevice({ requiredLimits: limits });
  device.addEventListener('uncapturederror', (event) => {
    complaints.push((event as GPUUncapturedErrorEvent).error.message);
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Small ops would run on the CPU, reading synchronously.
  env().set('WEBGPU_CPU_FORWARD', false);
  // tfjs's own leak check takes what a forward keeps for its backward for a leak.
  env().set('IS_TEST', false);
  if ('webgpu' in engine().registryFactory) removeBackend('webgpu');
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await setBackend('webgpu');
}

/** Tests on tfjs's webgpu backend, which fail on what its device complains about; skipped where there is none. */
export function describeWebGpu(
  name: string,
  limits: Readonly<Record<string, number>>,
  body: () => void,
): void {
  describe(name, () => {
    beforeAll(async () => {
      if (!missing) await startWebGpu(limits);
    });
    beforeEach(({ skip }) => {
      if (missing) skip(missing);
      complaints.length = 0;
    });
    afterEach(() => {
      expect(complaints).toEqual([]);
    });
    afterAll(async () => {
      await setBackend('cpu');
    });
    body();
  });
}
