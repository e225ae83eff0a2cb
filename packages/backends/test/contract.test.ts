import { contract } from '@fastweights/contract';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';
import { softwareVulkan } from './software-vulkan.ts';

describe.each(['cpu', 'wasm', 'webgpu'] as const)('%s keeps the contract of a backend', (name) => {
  const missing = name === 'webgpu' && softwareVulkan() === undefined;

  beforeAll(async () => {
    if (missing) return;
    // tfjs's own leak check takes the copies that a clone makes for leaks.
    env().set('IS_TEST', false);
    expect(await useBackend({ prefer: name, software: true })).toMatchObject({ fused: true });
  });
  afterAll(async () => {
    await setBackend('cpu');
  });

  for (const { name: check, run } of contract) {
    it(check, { timeout: 60_000 }, async ({ skip }) => {
      if (missing) skip('no software Vulkan driver: apt-get install chromium libvulkan1');
      await run();
    });
  }
});
