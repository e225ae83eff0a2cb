import { add, backend, getBackend, scalar, square, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type BackendChoice, DeviceLostError, useBackend } from '../src/index.ts';

interface Device {
  readonly name: 'webgpu' | 'webgl';
  lose(): void;
}

const devices: Device[] = [
  {
    name: 'webgpu',
    lose: () => (backend() as unknown as { device: GPUDevice }).device.destroy(),
  },
  {
    name: 'webgl',
    lose: () =>
      (backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu.gl
        .getExtension('WEBGL_lose_context')
        ?.loseContext(),
  },
];

describe.each(devices)('$name', { timeout: 60_000 }, ({ name, lose }) => {
  const options = { prefer: name, software: true } as const;

  it('keeps what lives on it when the backend is asked for in another way', async () => {
    await useBackend(options);
    const x = tensor1d([3, -1]);
    const y = square(x);
    await useBackend({ ...options, job: { batchSize: 1, time: 2, units: 2 } });
    expect([...(await add(x, y).data())]).toEqual([12, 0]);
  });

  it('says that it is lost, and comes back', async () => {
    const choice = await useBackend(options);
    const earlier = backend();
    expect(choice.lost.aborted).toBe(false);
    lose();
    const error = await whenLost(choice);
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error).toMatchObject({ code: 'device-lost', backend: name });

    const again = await useBackend(options);
    expect(again.lost.aborted).toBe(false);
    expect(backend()).not.toBe(earlier);
    expect([...(await square(tensor1d([3, -1])).data())]).toEqual([9, 1]);
  });

  it('is lost again, and another backend takes over', async () => {
    const choice = await useBackend(options);
    lose();
    await whenLost(choice);
    const other = await useBackend();
    expect(['wasm', 'cpu']).toContain(other.name);
    expect(getBackend()).toBe(other.name);
    expect([...(await square(scalar(3)).data())]).toEqual([9]);
  });
});

function whenLost({ lost }: BackendChoice): Promise<unknown> {
  return new Promise((resolve) => {
    if (lost.aborted) resolve(lost.reason);
    lost.addEventListener('abort', () => resolve(lost.reason));
  });
}
