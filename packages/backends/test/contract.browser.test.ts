import { contract } from '@fastweights/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { here, startWorker } from './place.ts';

describe.each(['page', 'worker'] as const)('on a %s', (where) => {
  const worker = where === 'worker' ? startWorker() : undefined;
  const place = worker?.place ?? here;
  afterAll(() => worker?.terminate());

  describe.each(['cpu', 'wasm', 'webgl', 'webgpu'] as const)('%s keeps the contract', (name) => {
    beforeAll(async () => {
      expect(await place.use({ prefer: name, software: true })).toEqual({
        name,
        fused: name !== 'webgl',
        refused: {},
      });
    });
    for (const { name: check } of contract) {
      it(check, { timeout: 120_000 }, () => place.check(check));
    }
  });

  it('nothing was requested from another host', async () => {
    expect(await place.hosts()).toEqual([location.hostname]);
  });
});
