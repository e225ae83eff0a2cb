import { expectClose } from '@fastweights/testing';
import {
  engine,
  env,
  getBackend,
  getKernel,
  type KernelConfig,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { BackendError, useBackend } from '../src/index.ts';
import { selfTest } from '../src/self-test.ts';
import { selfTestNumbers } from '../src/self-test-numbers.ts';
import { selfTestOracle } from './self-test-oracle.ts';

// tfjs's own leak check takes the copies that a clone makes for leaks.
env().set('IS_TEST', false);

describe('the numbers of the self-test', () => {
  it('are the oracle’s', () => {
    const oracle = selfTestOracle();
    expect(Object.keys(selfTestNumbers)).toEqual(Object.keys(oracle));
    for (const [name, values] of Object.entries(oracle)) {
      expectClose([...(selfTestNumbers[name] ?? [])], values, { relative: 1e-8 }, name);
    }
  });

  it('test every gradient', () => {
    for (const [name, values] of Object.entries(selfTestNumbers)) {
      expect(Math.max(...values.map(Math.abs)), name).toBeGreaterThan(1e-2);
    }
  });
});

const COMPLAINT = /^(the loss|the gradient of \w+) is .* where .* is right$/;

describe('the self-test', () => {
  const replaced: KernelConfig[] = [];
  /** What a bad driver does: it answers, with other numbers. */
  function spoil(kernelName: string, backendName: string, factor: number): void {
    const config = getKernel(kernelName, backendName);
    if (!config) throw new Error(`${backendName} has no ${kernelName}`);
    replaced.push(config);
    unregisterKernel(kernelName, backendName);
    registerKernel({
      ...config,
      kernelFunc: (args) => {
        const right = [config.kernelFunc(args)].flat();
        const wrong = right.map((info) => {
          const values = engine().backend.readSync(info.dataId) as Float32Array;
          return engine().makeTensor(
            values.map((x) => x * factor),
            info.shape,
            info.dtype,
          );
        });
        for (const { dataId } of right) engine().backend.disposeData(dataId);
        return wrong.length > 1 ? wrong : (wrong[0] as (typeof wrong)[number]);
      },
    });
  }
  afterEach(async () => {
    for (const config of replaced.splice(0)) {
      unregisterKernel(config.kernelName, config.backendName);
      registerKernel(config);
    }
    await setBackend('cpu');
  });

  it.each(['cpu', 'wasm'] as const)('passes on %s, in under 300 ms', async (name) => {
    await useBackend({ prefer: name });
    expect(await selfTest()).toBeUndefined();
    const start = performance.now();
    await selfTest();
    expect(performance.now() - start).toBeLessThan(300);
  });

  it.each([
    ['zeros', 'Rsqrt', 0],
    ['NaN', 'LeakyRelu', Number.NaN],
    ['one percent too much', 'BatchMatMul', 1.01],
    ['the wrong sign in a backward pass', 'Step', -1],
  ])('finds %s, op by op', async (_, kernelName, factor) => {
    await useBackend({ prefer: 'cpu', fused: false });
    spoil(kernelName, 'cpu', factor);
    expect(await selfTest()).toMatch(COMPLAINT);
  });

  it.each([
    ['zeros', 'FastWeightsScan', 0],
    ['NaN', 'FastWeightsLinear', Number.NaN],
    ['the wrong sign in a backward pass', 'FastWeightsScanGrad', -1],
    ['one percent too much', 'FastWeightsSoftmaxCrossEntropyGrad', 1.01],
  ])('finds %s of a fused kernel', async (_, kernelName, factor) => {
    for (const prefer of ['cpu', 'wasm'] as const) {
      await useBackend({ prefer });
      spoil(kernelName, prefer, factor);
      expect(await selfTest(), prefer).toMatch(COMPLAINT);
    }
  });

  it('makes useBackend refuse a driver that answers zeros, and take the next', async () => {
    await useBackend({ prefer: 'wasm' });
    spoil('FastWeightsScan', 'wasm', 0);
    // Sizes of its own, so that no earlier choice is remembered.
    const choice = await useBackend({ job: { batchSize: 3, time: 2, units: 3 } });
    expect(choice.name).toBe('cpu');
    expect(getBackend()).toBe('cpu');
    const refusal = choice.refused.find(({ backend }) => backend === 'wasm');
    expect(refusal?.code).toBe('self-test-failed');
    expect(refusal?.reason).toMatch(
      /a training step is wrong: the loss is [\d.]+ where [\d.]+ is right/,
    );
    const job = { batchSize: 3, time: 2, units: 4 };
    const error = await useBackend({ prefer: 'wasm', job }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).refused.map(({ code }) => code)).toEqual(['self-test-failed']);
  });
});
