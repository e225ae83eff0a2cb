import { OptionError } from '@fastweights/core';
import {
  backend,
  env,
  getBackend,
  getKernel,
  getKernelsForBackend,
  grad,
  type KernelBackend,
  type KernelConfig,
  registerKernel,
  setBackend,
  square,
  type TensorInfo,
  tensor1d,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { BackendError, examineBackends, OutOfMemoryError, useBackend } from '../src/index.ts';

// tfjs's own leak check takes the copies that a clone makes for leaks.
env().set('IS_TEST', false);

describe('useBackend', () => {
  afterEach(async () => {
    await setBackend('cpu');
  });

  it.each(['wasm', 'cpu'] as const)('makes %s ready to train', async (prefer) => {
    const choice = await useBackend({ prefer });
    expect(choice).toMatchObject({
      name: prefer,
      packageName: `@tensorflow/tfjs-backend-${prefer}`,
      version: '4.22.0',
      fused: true,
      milliseconds: {},
      refused: [],
    });
    expect(choice.lost.aborted).toBe(false);
    expect(getBackend()).toBe(prefer);
    const gradient = await grad((x) => square(x))(tensor1d([3, -1])).data();
    expect([...gradient]).toEqual([6, -2]);
  });

  it.each(['wasm', 'cpu'] as const)(
    'puts the fused kernels of %s in their places, proves them, and takes them away',
    async (prefer) => {
      const names = (): string[] =>
        getKernelsForBackend(prefer)
          .map(({ kernelName }) => kernelName)
          .filter((name) => name.startsWith('FastWeights'));
      const on = await useBackend({ prefer });
      expect(on.fused).toBe(true);
      const kernels = names();
      expect(kernels).toEqual(
        expect.arrayContaining(['FastWeightsScan', 'FastWeightsScanGrad', 'FastWeightsAdamUpdate']),
      );
      const off = await useBackend({ prefer, fused: false });
      expect(off.fused).toBe(false);
      expect(names()).toEqual([]);
      expect(await useBackend({ prefer })).toBe(on);
      expect(names().sort()).toEqual(kernels.sort());
    },
  );

  it('leaves a kernel alone that somebody else has registered, and proves it too', async () => {
    await useBackend({ prefer: 'cpu', fused: false });
    const calls: string[] = [];
    const own: KernelConfig = {
      kernelName: 'FastWeightsLinear',
      backendName: 'cpu',
      kernelFunc: ({ inputs, backend }) => {
        calls.push('own');
        const { x, kernel } = inputs as Record<string, TensorInfo>;
        const zeros = new Float32Array((x?.shape[0] ?? 0) * (kernel?.shape[1] ?? 0));
        const shape = [x?.shape[0] ?? 0, kernel?.shape[1] ?? 0];
        return {
          dataId: (backend as KernelBackend).write(zeros, shape, 'float32'),
          shape,
          dtype: 'float32',
        };
      },
    };
    registerKernel(own);
    try {
      // Sizes of its own, so that no earlier choice is remembered.
      const job = { batchSize: 5, time: 2, units: 5 };
      const error = await useBackend({ prefer: 'cpu', job }).catch((e: unknown) => e);
      expect((error as BackendError).refused[0]?.code).toBe('self-test-failed');
      expect(calls).not.toEqual([]);
      expect(getKernel('FastWeightsLinear', 'cpu')).toBe(own);
    } finally {
      unregisterKernel('FastWeightsLinear', 'cpu');
    }
  });

  it('takes the fastest of those that pass, and tells how fast each was', async () => {
    const { name, milliseconds, refused } = await useBackend();
    const times = Object.values(milliseconds);
    expect(milliseconds[name]).toBe(Math.min(...times));
    // Which GPUs there are is the machine's affair; each backend is either timed or refused, in the order of trying.
    const timed = Object.keys(milliseconds);
    expect(timed).toEqual(expect.arrayContaining(['wasm', 'cpu']));
    expect([...refused.map(({ backend }) => backend), ...timed].sort()).toEqual([
      'cpu',
      'tensorflow',
      'wasm',
      'webgpu',
    ]);
    for (const { reason, cure } of refused) expect([reason.length, cure.length]).not.toContain(0);
  });

  it('chooses once, also when asked twice at the same time', async () => {
    const [a, b] = await Promise.all([useBackend(), useBackend()]);
    expect(a).toBe(b);
    await setBackend('cpu');
    expect(await useBackend()).toBe(a);
    expect(getBackend()).toBe(a.name);
  });

  it.each([
    [{ prefer: 'gpu' }, /^prefer .*"webgpu".*"gpu"/],
    [{ backend: 'cpu' }, /"backend"/],
    [{ software: 'yes' }, /^software /],
    [{ fused: 1 }, /^fused /],
    [{ job: { batchSize: 0, time: 2, units: 1 } }, /^job\.batchSize /],
    [{ job: { batchSize: 1, time: 1, units: 1 } }, /^job\.time .*at least 2/],
    [{ job: { batchSize: 1e9, time: 1e6, units: 50 } }, /^job\.batchSize · time · units /],
    [{ job: { batchSize: 1, time: 2, units: 1, foo: 3 } }, /"foo"/],
    [{ job: null }, /^options of job must be an object/],
    [null, /^options of useBackend must be an object/],
  ] as [never, RegExp][])('refuses %j', async (options, message) => {
    await expect(useBackend(options)).rejects.toThrow(OptionError);
    await expect(useBackend(options)).rejects.toThrow(message);
  });

  it('chooses in turn where several are asked for at once', async () => {
    const jobs = [2, 3].map((units) => ({ batchSize: 1, time: 2, units }));
    const [a, b, c] = await Promise.all([
      useBackend({ job: jobs[0] as never }),
      useBackend({ job: jobs[1] as never }),
      useBackend({ prefer: 'cpu', job: jobs[0] as never }),
    ]);
    for (const { refused } of [a, b]) {
      expect(refused.map(({ backend }) => backend)).not.toContain('cpu');
      expect(refused.map(({ backend }) => backend)).not.toContain('wasm');
    }
    expect(c.name).toBe('cpu');
  });

  it('is not disturbed by calls for another backend meanwhile', async () => {
    const before = await useBackend({ prefer: 'cpu' });
    const job = { batchSize: 64, time: 8, units: 30 };
    const running = useBackend({ job });
    const others = [0, 5, 20, 60].map(async (wait) => {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return useBackend({ prefer: 'cpu' });
    });
    const { name, milliseconds } = await running;
    expect(name).toBe('wasm');
    expect(milliseconds.wasm).toBeLessThan(milliseconds.cpu as number);
    for (const other of await Promise.all(others)) expect(other).toBe(before);
    expect(getBackend()).toBe('cpu');
  });

  it('has an error for the end of wasm’s memory, where tfjs would write over other tensors', async () => {
    await useBackend({ prefer: 'wasm' });
    const { wasm } = backend() as unknown as {
      wasm: { _malloc(bytes: number): number; _free(address: number): void };
    };
    // Its 4 GiB in pieces that nobody touches, and which therefore cost the machine nothing.
    const pieces: number[] = [];
    const fill = (): void => {
      for (let i = 0; i < 10; i++) pieces.push(wasm._malloc(2 ** 29));
    };
    expect(fill).toThrow(OutOfMemoryError);
    expect(pieces).not.toContain(0);
    for (const address of pieces) wasm._free(address);
    expect([...(await square(tensor1d([1, 2])).data())]).toEqual([1, 4]);
  });

  it('refuses a backend that does not run here', async () => {
    const error = await useBackend({ prefer: 'webgl' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).refused[0]).toMatchObject({
      backend: 'webgl',
      code: 'not-here',
    });
    expect((error as Error).message).toContain('Here there can be tensorflow, webgpu, wasm, cpu.');
  });
});

describe('examineBackends', () => {
  it('looks at them op by op too', async () => {
    const job = { batchSize: 2, time: 2, units: 4 };
    const reports = await examineBackends({ job, fused: false });
    expect(reports.flatMap(({ fused }) => fused ?? [])).not.toContain(true);
    expect(reports.find(({ name }) => name === 'wasm')?.fused).toBe(false);
  });

  it('reports on all of them, and leaves the active one alone', async () => {
    await setBackend('cpu');
    const reports = await examineBackends({ job: { batchSize: 2, time: 2, units: 4 } });
    expect(reports.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    expect(getBackend()).toBe('cpu');
    for (const { name, milliseconds, fused, refusal } of reports) {
      expect(refusal === undefined, name).toBe(milliseconds !== undefined);
      if (!refusal) expect(fused, name).toBe(name !== 'tensorflow');
    }
  });
});
