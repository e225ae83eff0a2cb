import {
  type FastWeightsScanAttrs,
  fastWeightsLastState,
  fastWeightsScan,
  linear,
} from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  cast,
  fill,
  getKernel,
  grads,
  mul,
  oneHot,
  ones,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { activate, callsOf, register } from './wasm-backends.ts';
import { draw } from './wasm-parity.ts';

const attrs: FastWeightsScanAttrs = {
  decayRate: 0.9,
  learningRate: 0.5,
  innerSteps: 1,
  layerNorm: ['inner'],
  settling: 'sustained',
  memory: 'attention',
};

describe.each(['cpu', 'wasm'] as const)('the kernels on %s', (backend) => {
  let unregister = (): void => {};
  afterEach(() => {
    unregister();
    unregister = () => {};
  });

  /** The same work by references and by kernels. */
  async function both<T>(work: () => T): Promise<{ expected: T; actual: T }> {
    await activate(backend);
    const expected = work();
    unregister = await register(backend);
    return { expected, actual: work() };
  }

  it('keep lanes without a sample from growing without bounds', async () => {
    const H = 4;
    const gradients = (): number[][] =>
      tidy(() => {
        const run = (...[drive, W, gain, bias, A]: Tensor[]): Tensor =>
          sum(
            fastWeightsLastState(
              {
                drive: drive as Tensor3D,
                recurrentKernel: W as Tensor2D,
                gain: gain as Tensor1D,
                bias: bias as Tensor1D,
                A: A as Tensor3D,
              },
              {
                ...attrs,
                decayRate: 1,
                learningRate: 1,
                layerNorm: ['preliminary'],
                settling: 'free',
                memory: 'matrix',
              },
            ),
          );
        const eye = tensor2d([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [H, H]);
        const A = mul(mul(eye, -2), ones([1, H, H]));
        const inputs = [draw(1, [1, 30, H]), mul(eye, 0.05), fill([H], 0.01), ones([H]), A];
        return grads(run)(inputs).map((gradient) => [...gradient.dataSync()]);
      });
    const { expected, actual } = await both(gradients);
    actual.forEach((gradient, i) => {
      expectClose(gradient, expected[i] as number[], {}, `gradient ${i}`);
    });
  });

  it('take a tensor at its dtype, whatever array is behind it', async () => {
    const { expected, actual } = await both(() => {
      const rows = cast(oneHot(tensor1d([0, 2, 1], 'int32'), 3), 'float32') as Tensor2D;
      return linear(rows, tensor2d([1, 2, 3, 4, 5, 6], [3, 2])).arraySync();
    });
    expect(actual).toEqual(expected);
    expect(callsOf('FastWeightsLinear')).toBe(1);
  });

  it('remember everything in a window larger than any integer of theirs', async () => {
    const change = { layerNorm: [], window: Number.MAX_SAFE_INTEGER };
    const { expected, actual } = await both(() => [
      ...fastWeightsScan(
        { drive: draw(1, [2, 5, 4]) as Tensor3D, recurrentKernel: draw(2, [4, 4]) as Tensor2D },
        { ...attrs, ...change },
      ).dataSync(),
    ]);
    expectClose(actual, expected);
  });

  it('go back as they went forward, whatever becomes of the options meanwhile', async () => {
    const gradient = (spoil: boolean) => (): number[] =>
      tidy(() => {
        const run = (drive: Tensor): Tensor => {
          const own = { ...attrs, decayRate: 0.9, control: [[3, 3, 3, 3, 3]] };
          const y = fastWeightsScan(
            {
              drive: drive as Tensor3D,
              recurrentKernel: draw(2, [4, 4]) as Tensor2D,
              gain: ones([4]) as Tensor1D,
              bias: fill([4], 0.1) as Tensor1D,
            },
            own,
          );
          if (spoil) {
            own.decayRate = 0.1;
            own.control[0] = [0, 2, 0, 2, 0];
          }
          return sum(mul(y, y));
        };
        const [result] = grads(run)([draw(1, [2, 5, 4])]);
        return [...(result as Tensor).dataSync()];
      });
    const { expected } = await both(gradient(false));
    expectClose(gradient(true)(), expected);
  });

  it('decline what a chunk has no room for', async () => {
    await activate(backend);
    unregister = await register(backend);
    // The reference would take minutes: only the answer of the kernel is asked for.
    const { supports } = getKernel('FastWeightsScan', backend) as unknown as {
      supports(inputs: object, attrs: object): boolean;
    };
    const drive = { shape: [1, 8192, 2] };
    expect(supports({ drive }, { ...attrs, window: 4 })).toBe(false);
    expect(supports({ drive }, attrs)).toBe(true);
    const past = { shape: [100_000, 1, 1] };
    expect(supports({ drive: { shape: [1, 700, 1] }, past }, attrs)).toBe(false);
  });
});
