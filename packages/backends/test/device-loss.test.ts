import { backend, env, getBackend, setBackend, square, tensor1d } from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { DeviceLostError, useBackend } from '../src/index.ts';
import { softwareVulkan } from './software-vulkan.ts';

env().set('IS_TEST', false);
afterAll(async () => {
  await setBackend('cpu');
});

const missing = softwareVulkan() === undefined;
const squares = async (): Promise<number[]> => [...(await square(tensor1d([1, 2, 3])).data())];

it('tells when the device is lost, and begins anew with another', { timeout: 60_000 }, async ({
  skip,
}) => {
  if (missing) skip('no software Vulkan driver: apt-get install chromium libvulkan1');
  const options = { prefer: 'webgpu', software: true } as const;
  const first = await useBackend(options);
  expect(await squares()).toEqual([1, 4, 9]);
  expect(await useBackend(options)).toBe(first);
  expect(first.lost.aborted).toBe(false);

  const lost = new Promise((resolve) => first.lost.addEventListener('abort', resolve));
  (backend() as unknown as { device: GPUDevice }).device.destroy();
  await lost;
  expect(first.lost.reason).toBeInstanceOf(DeviceLostError);
  expect(first.lost.reason).toMatchObject({ backend: 'webgpu', code: 'device-lost' });

  const second = await useBackend(options);
  expect(second).not.toBe(first);
  expect(second.lost.aborted).toBe(false);
  expect(await squares()).toEqual([1, 4, 9]);

  await useBackend({ prefer: 'wasm' });
  expect(getBackend()).toBe('wasm');
  expect(await squares()).toEqual([1, 4, 9]);
});
