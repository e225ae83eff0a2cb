import { contract } from '@fastweights/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BackendError, useBackend } from '../src/index.ts';
import { here, type Outcome, startWorker } from './place.ts';

// Chromium without the flag that gives it an adapter.
describe.each(['page', 'worker'] as const)('without WebGPU, on a %s', (where) => {
  const worker = where === 'worker' ? startWorker() : undefined;
  const place = worker?.place ?? here;
  afterAll(() => worker?.terminate());

  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await place.use();
  }, 60_000);

  it('takes another backend and says why', () => {
    expect(outcome.name).toMatch(/^(wasm|cpu)$/);
    expect(outcome.refused['webgpu']?.code).toBe('no-adapter');
    expect(outcome.refused['webgpu']?.message).toMatch(/^webgpu: .*take webgl or wasm/);
  });

  for (const { name } of contract) {
    it(`keeps the contract there: ${name}`, { timeout: 120_000 }, () => place.check(name));
  }

  it('requests nothing from another host', async () => {
    expect(await place.hosts()).toEqual([location.hostname]);
  });
});

it('fails where WebGPU is insisted on', async () => {
  await expect(useBackend({ prefer: 'webgpu' })).rejects.toThrow(BackendError);
});
