import { embed, linear, lstmScan, softmaxCrossEntropy } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  add,
  backend,
  grads,
  mul,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebGpuBackend } from '../src/webgpu/backend.ts';
import { dispatch } from '../src/webgpu/dispatch.ts';
import { webgpuKernels } from '../src/webgpu/index.ts';
import {
  callsOf,
  expectEqualToReference,
  type OpCall,
  placed,
  registerCounted,
} from './webgpu-compare.ts';
import { complaints, describeWebGpu, startWebGpu } from './webgpu-device.ts';
import { draw, type ScanCase, scanCall } from './webgpu-scan-cases.ts';

const USUAL: ScanCase = {
  H: 7,
  T: 5,
  B: 3,
  S: 1,
  norm: 'inner',
  settling: 'sustained',
  memory: 'attention',
  state: 'none',
  control: 'always',
  extra: 'none',
};

/** Room to bind everything by itself: elsewhere, calls with many inputs have to pack them. */
const LIMITS = { maxStorageBuffersPerShaderStage: 12 };

describeWebGpu('the kernels of webgpu', LIMITS, () => {
  let unregister = (): void => {};
  beforeEach(async () => {
    await setBackend('webgpu');
  });
  afterEach(() => {
    unregister();
    unregister = () => {};
  });

  it.each<[string, Partial<ScanCase>]>([
    ['all inputs bound by themselves', { state: 'memory', norm: 'all', control: 'own' }],
    ['a first matrix bound by itself', { state: 'memory', memory: 'matrix', control: 'glimpses' }],
    ['more writes than threads', { H: 7, T: 70, B: 1 }],
    [
      'a first matrix, and more writes than threads',
      { H: 3, T: 70, memory: 'matrix', state: 'memory' },
    ],
    ['a window over more writes than threads', { H: 3, T: 40, state: 'memory', extra: 'window' }],
    ['more units than threads', { H: 300, T: 3, B: 1, norm: 'all', state: 'memory' }],
  ])('equal the cpu reference with %s', async (_, special) => {
    await expectEqualToReference(scanCall({ ...USUAL, ...special }));
  });

  it.each<[OpCall]>([
    [scanCall({ ...USUAL, T: 6, norm: 'all', state: 'h', control: 'glimpses' })],
    [
      {
        kernelName: 'FastWeightsLinear',
        inputs: { x: draw('x', [3, 4]), kernel: draw('kernel', [4, 5]), bias: draw('bias', [5]) },
        run: ({ x, kernel, bias }) => linear(x as never, kernel as never, bias as never, 'relu'),
      },
    ],
    [
      {
        kernelName: 'FastWeightsLstmScan',
        inputs: { drive: draw('drive', [2, 3, 12]), recurrentKernel: draw('kernel', [3, 12]) },
        run: (inputs) => lstmScan(inputs as never),
      },
    ],
  ])('leave second derivatives to the reference: $kernelName', async (call) => {
    await setBackend('cpu');
    const expected = await secondGradients(call);
    await setBackend('webgpu');
    unregister = registerCounted();
    const actual = await secondGradients(call);
    expect(callsOf(call.kernelName), `calls of ${call.kernelName}`).toBeGreaterThan(0);
    expected.forEach((values, i) => {
      const own = [...(actual[i] as Float32Array)];
      expectClose(own, [...values], {}, `gradient ${i}`);
    });
  });

  it('pass NaN on through ReLU, and make none of their own', async () => {
    unregister = registerCounted();
    const x: Tensor2D = tensor2d([
      [Number.NaN, 1],
      [-1, 2],
      [0, -3],
    ]);
    const y = tidy(() =>
      linear(
        x,
        tensor2d([
          [1, 0],
          [0, 1],
        ]),
        undefined,
        'relu',
      ),
    );
    expect([...(await y.data())]).toEqual([Number.NaN, Number.NaN, 0, 2, 0, 0]);
    expect(callsOf('FastWeightsLinear')).toBe(1);
    y.dispose();
    x.dispose();
  });

  it('make a NaN of the loss where a label is none, and zeros of an id that is none', async () => {
    unregister = registerCounted();
    const loss = (labels: number[]): Promise<Float32Array> =>
      tidy(() =>
        softmaxCrossEntropy(
          tensor2d([
            [1, 2],
            [3, 4],
          ]),
          tensor1d(labels, 'int32'),
        ),
      ).data<'float32'>();
    expect((await loss([0, 1]))[0]).toBeCloseTo(0.813);
    expect(await loss([0, 2])).toEqual(Float32Array.of(Number.NaN));
    expect(await loss([-1, 0])).toEqual(Float32Array.of(Number.NaN));
    const rows = tidy(() =>
      embed(
        tensor1d([1, -1, 2], 'int32'),
        tensor2d([
          [1, 2],
          [3, 4],
        ]),
      ),
    );
    expect([...(await rows.data())]).toEqual([3, 4, 0, 0, 0, 0]);
  });

  it('decline more units than a workgroup has memory for', () => {
    const supports = (units: number): boolean | undefined => {
      const scan = webgpuKernels.find(({ kernelName }) => kernelName === 'FastWeightsScan');
      const shapes = { drive: [1, 1, units], recurrentKernel: [units, units] };
      const inputs = Object.entries(shapes).map(([name, shape]) => [name, { shape }]);
      const attrs = { decayRate: 0.9, learningRate: 0.5, innerSteps: 1, layerNorm: [] };
      return scan?.supports?.(Object.fromEntries(inputs), attrs);
    };
    expect(supports(1000)).toBe(true);
    expect(supports(4000)).toBe(false);
  });

  it('say which program the device refuses, instead of answering zeros', async () => {
    const webgpu = backend() as WebGpuBackend;
    const result = webgpu.makeTensorInfo([1], 'float32');
    const spoiled = (): void =>
      dispatch(webgpu, {
        name: 'spoiled',
        reads: {},
        writes: { result },
        workgroups: [1],
        code: () => 'fn main() { this is no WGSL }',
      });
    spoiled();
    webgpu.endComputePassEncoder();
    webgpu.submitQueue();
    await webgpu.queue.onSubmittedWorkDone();
    await vi.waitFor(() => expect(spoiled).toThrow(/the WebGPU kernel spoiled: /));
    // The device also complains about the submission.
    expect(complaints).not.toEqual([]);
    complaints.length = 0;
    webgpu.disposeData(result.dataId);
  });

  it('do not hang when the device is lost', async () => {
    await startWebGpu();
    unregister = registerCounted();
    const { inputs, run } = scanCall(USUAL);
    const results = (): Promise<unknown> =>
      Promise.all(
        tidy(() => {
          const names = Object.keys(inputs);
          const loss = (...args: Tensor[]): Tensor => {
            const y = run(Object.fromEntries(names.map((name, i) => [name, args[i] as Tensor])));
            return args.reduce((total, arg) => add(total, sum(mul(arg, 0))), sum(y));
          };
          return grads(loss)(names.map((name) => placed(inputs[name] as never)));
        }).map((gradient) => gradient.data()),
      );
    await results();
    (backend() as WebGpuBackend).device.destroy();
    await expect(results()).rejects.toThrow();
    expect(callsOf('FastWeightsScanGrad')).toBe(2);
  });
});

/** The gradient of the squared norm of the gradient. */
async function secondGradients({ inputs, run }: OpCall): Promise<Float32Array[]> {
  const names = Object.keys(inputs);
  const tensors = tidy(() => {
    const loss = (args: readonly Tensor[]): Tensor => {
      const y = run(Object.fromEntries(names.map((name, i) => [name, args[i] as Tensor])));
      return args.reduce((total, arg) => add(total, sum(mul(arg, 0))), sum(mul(y, y)));
    };
    return grads((...args: Tensor[]) => {
      const first = grads((...inner: Tensor[]) => loss(inner))(args);
      const nothing = args.map((arg) => sum(mul(arg, 0)));
      return [...nothing, ...first.map((g) => sum(mul(g, g)))].reduce((a, b) => add(a, b));
    })(names.map((name) => placed(inputs[name] as never)));
  });
  return Promise.all(tensors.map((t) => t.data<'float32'>()));
}
