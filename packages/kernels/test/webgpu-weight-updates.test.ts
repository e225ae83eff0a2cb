import { adamUpdate, rmsPropUpdate, type WeightUpdate } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  dispose,
  memory,
  setBackend,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { callsOf, type Numbers, placed, poisonPool, registerCounted } from './webgpu-compare.ts';
import { describeWebGpu } from './webgpu-device.ts';
import { draw } from './webgpu-scan-cases.ts';

/** Weights by their shapes, and the first of each one's numbers in the moments. */
interface Layout {
  readonly shapes: readonly (readonly number[])[];
  readonly offsets: readonly number[];
  readonly total: number;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'one weight': { shapes: [[3, 5]], offsets: [0], total: 15 },
  'all weights': {
    shapes: [[37, 20], [20], [1], [4, 3, 2]],
    offsets: [0, 740, 760, 761],
    total: 785,
  },
  'some of the weights': { shapes: [[7, 3], [5]], offsets: [4, 40], total: 50 },
  'a scalar': { shapes: [[]], offsets: [2], total: 3 },
};

const positive = ({ values, shape }: Numbers): Numbers => ({
  values: Float32Array.from(values, Math.abs),
  shape,
});

function updatesOf({ shapes, offsets }: Layout): WeightUpdate[] {
  return shapes.map((shape, i) => ({
    weight: placed(draw(`w${i}`, shape)),
    gradient: placed(draw(`g${i}`, shape)),
    offset: offsets[i] as number,
  }));
}

const RULES: Readonly<Record<string, (layout: Layout) => Tensor[]>> = {
  FastWeightsAdamUpdate(layout) {
    const { weights, mean, square } = adamUpdate(
      updatesOf(layout),
      {
        mean: placed(draw('mean', [layout.total])) as Tensor1D,
        square: placed(positive(draw('square', [layout.total]))) as Tensor1D,
      },
      { updates: 3, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    );
    return [...weights, mean, square];
  },
  FastWeightsRmsPropUpdate(layout) {
    const { weights, square } = rmsPropUpdate(
      updatesOf(layout),
      { square: placed(positive(draw('square', [layout.total]))) as Tensor1D },
      { learningRate: 0.01, decay: 0.99, epsilon: 1e-4 },
    );
    return [...weights, square];
  },
};

describeWebGpu('on webgpu equals the cpu reference:', {}, () => {
  for (const [kernelName, update] of Object.entries(RULES)) {
    const evaluate = async (layout: Layout): Promise<Float32Array[]> => {
      const results = tidy(() => update(layout));
      const numbers = await Promise.all(results.map((result) => result.data<'float32'>()));
      dispose(results);
      return numbers.map((values) => values.slice());
    };

    it.each(Object.entries(LAYOUTS))(`${kernelName} of %s`, async (_, layout) => {
      await setBackend('cpu');
      const expected = await evaluate(layout);
      await setBackend('webgpu');
      const unregister = registerCounted();
      try {
        await evaluate(layout);
        poisonPool();
        const { numTensors } = memory();
        const actual = await evaluate(layout);
        expect(memory().numTensors, 'tensors alive afterwards').toBe(numTensors);
        expect(callsOf(kernelName)).toBe(2);
        expected.forEach((values, i) => {
          expectClose([...(actual[i] as Float32Array)], [...values], {}, `result ${i}`);
        });
      } finally {
        unregister();
      }
    });
  }

  it('leaves gradients that are to be clipped to the reference', async () => {
    await setBackend('webgpu');
    const unregister = registerCounted();
    try {
      const [weight, gradient] = [placed(draw('w', [3])), placed(draw('g', [3]))];
      const square = placed(positive(draw('square', [3]))) as Tensor1D;
      const rates = { learningRate: 0.01, decay: 0.9, epsilon: 1e-4, clipNorm: 0.1 };
      const updates = [{ weight, gradient, offset: 0 }];
      const after = rmsPropUpdate(updates, { square }, rates);
      dispose([...after.weights, after.square, weight, gradient, square]);
      expect(callsOf('FastWeightsRmsPropUpdate')).toBe(0);
    } finally {
      unregister();
    }
  });
});
