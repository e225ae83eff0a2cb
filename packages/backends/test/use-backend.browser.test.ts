import { afterAll, describe, expect, it } from 'vitest';
import { here, startWorker } from './place.ts';

// This browser has a WebGPU adapter and a WebGL context, both of them emulated.
describe.each(['page', 'worker'] as const)('useBackend on a %s', { timeout: 60_000 }, (where) => {
  const worker = where === 'worker' ? startWorker() : undefined;
  const place = worker?.place ?? here;
  afterAll(() => worker?.terminate());

  it('does not take an emulated GPU, and says so', async () => {
    const { name, refused } = await place.use();
    expect(name).toMatch(/^(wasm|cpu)$/);
    expect(Object.keys(refused)).toEqual(['webgpu', 'webgl']);
    for (const backend of ['webgpu', 'webgl']) {
      expect(refused[backend]?.code).toBe('software-adapter');
      expect(refused[backend]?.message).toMatch(
        /swiftshader.* only emulates a GPU.*software: true/i,
      );
    }
  });

  it.each(['webgpu', 'webgl'] as const)(
    'does not take an emulated %s without being told to',
    async (prefer) => {
      const { name, refused } = await place.use({ prefer });
      expect(name).toBe(undefined);
      expect(refused[prefer]?.code).toBe('software-adapter');
    },
  );

  it('has no TensorFlow here', async () => {
    const { refused } = await place.use({ prefer: 'tensorflow' });
    expect(refused).toMatchObject({ tensorflow: { code: 'not-here' } });
    expect(refused['tensorflow']?.message).toContain('webgpu, wasm, webgl, cpu');
  });
});
