import { irnnCell, lstmCell } from '@fastweights/baselines';
import { fastWeightsCell, type GlimpseRole, glimpseCell, glimpseRoles } from '@fastweights/cells';
import {
  countWeights,
  integer,
  type Model,
  OptionError,
  random,
  ShapeError,
  uniform,
  walkWeights,
} from '@fastweights/core';
import { type GlimpseBatch, glimpses } from '@fastweights/datasets';
import { expectClose } from '@fastweights/testing';
import { adam, differentiate, trainingStep } from '@fastweights/trainers';
import {
  argMax,
  dispose,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor3d,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { glimpseClassifier } from '../src/index.ts';
import { dense, expectLikeOracle, fastWeights, relu } from './model-oracle.ts';

const twoRegions: GlimpseRole[] = [1, 2].flatMap((): GlimpseRole[] => [
  'coarse',
  'fine',
  'fine',
  'fine',
  'fine',
  'again',
]);

function drawBatch(
  seed: number,
  [examples, steps, pixels]: [number, number, number],
  classes: number,
) {
  const stream = random(seed);
  const inputs: Tensor3D = tensor3d(
    Float32Array.from({ length: examples * steps * pixels }, () => uniform(stream, 0, 1)),
    [examples, steps, pixels],
  );
  const labels = Int32Array.from({ length: examples }, () => integer(stream, classes));
  return { inputs, targets: tensor1d(labels, 'int32'), labels };
}

describe('the glimpse classifier', () => {
  it('has the layers of the paper, at the sizes of Table 2', () => {
    const cell = glimpseCell({ inputSize: 49, units: 100 });
    const model = glimpseClassifier({ cell, classes: 10 });
    const paths = [...walkWeights(model.weights)].map(([path, { shape }]) => `${path} ${shape}`);
    expect(paths).toEqual([
      'cell.kernel 49,100',
      'cell.recurrentKernel 100,100',
      'cell.integrationKernel 100,100',
      'cell.gain 100',
      'cell.bias 100',
      'hidden.kernel 100,100',
      'hidden.bias 100',
      'output.kernel 100,10',
      'output.bias 10',
    ]);
    expect(countWeights(model.weights)).toBe(4900 + 20000 + 200 + 10100 + 1010);
  });

  it.each([
    ['that knows what glimpses are', [6, 0, 0, 0, 0, 9, 6, 0, 0, 0, 0, 9]],
    ['that does not', undefined],
  ] as const)('is its oracle, with every gradient, around a cell %s', (_, control) => {
    expectLikeOracle((seed) => {
      const size = { inputSize: 3, units: 5, seed };
      const cell = control ? glimpseCell({ ...size, roles: twoRegions }) : fastWeightsCell(size);
      const model = glimpseClassifier<never>({ cell: cell as never, classes: 3, hiddenUnits: 4 });
      const { inputs } = drawBatch(seed, [2, 12, 3], 3);
      return {
        weights: model.weights,
        seed,
        oracle(values) {
          const preActivations: number[] = [];
          const options = control ? { control: [control] } : {};
          const x = inputs.arraySync() as number[][][];
          const states = fastWeights(x, values, options, preActivations);
          const last = states.map((steps) => steps.at(-1) as number[]);
          const hidden = relu(dense(last, values, 'hidden'), preActivations);
          return { outputs: dense(hidden, values, 'output'), preActivations };
        },
        run: () => [model.predict(inputs)],
        gradients: ([projection]) =>
          differentiate({
            weights: model.weights,
            loss: () => sum(mul(model.predict(inputs), projection as Tensor2D)) as Scalar,
          })({ inputs, targets: inputs }).gradients,
      };
    });
  });

  it('has the mean cross-entropy as its loss', () => {
    const cell = glimpseCell({ inputSize: 3, units: 5, roles: twoRegions });
    const model = glimpseClassifier({ cell, classes: 3 });
    const { labels, ...batch } = drawBatch(4, [6, 12, 3], 3);
    const scores = model.predict(batch.inputs).arraySync();
    const losses = scores.map((row, i) => {
      const all = row.reduce((total, score) => total + Math.exp(score), 0);
      return Math.log(all) - (row[labels[i] as number] as number);
    });
    expectClose(model.loss(batch), [losses.reduce((a, b) => a + b) / losses.length]);
  });

  const size = { inputSize: 4, units: 12 };
  const ours = { ...size, roles: twoRegions };
  it.each([
    ['glimpseCell', 12, () => glimpseCell(ours)],
    ['glimpseCell, without memory', 12, () => glimpseCell({ ...ours, learningRate: 0 })],
    ['glimpseCell, without a second look', 12, () => glimpseCell({ ...ours, secondLook: false })],
    ['fastWeightsCell', 4, () => fastWeightsCell(size)],
    ['lstmCell', 4, () => lstmCell(size)],
    ['irnnCell', 12, () => irnnCell(size)],
  ])('learns 64 random examples by heart with %s', { timeout: 120_000 }, (_, steps, create) => {
    const cell = create() as never;
    const model = glimpseClassifier<never>({ cell, classes: 3, hiddenUnits: 24, seed: 1 });
    const { labels, ...batch } = drawBatch(5, [64, steps, 4], 3);
    expect(errorsAfter(600, model, batch, labels)).toBe(0);
  });

  /** Wrong answers after so many updates, or none as soon as there are none. */
  function errorsAfter(
    updates: number,
    model: Model<GlimpseBatch>,
    batch: GlimpseBatch,
    labels: Int32Array,
  ): number {
    const optimizer = adam(model.weights, { learningRate: 0.01 });
    const step = trainingStep(model, optimizer);
    let errors = labels.length;
    for (let update = 1; update <= updates && errors > 0; update++) {
      step(batch).dispose();
      if (update % 10 > 0) continue;
      const scores = model.predict(batch.inputs);
      const answers = argMax(scores, 1);
      errors = answers.dataSync().filter((answer, i) => answer !== labels[i]).length;
      dispose([scores, answers]);
    }
    optimizer.dispose();
    return errors;
  }

  it('reads the glimpses that the data sets make, of two levels and of three', () => {
    expect(glimpses({ side: 28 }).roles).toEqual(glimpseRoles);
    const { roles, steps, patch } = glimpses({ side: 16, levels: 3 });
    const cell = glimpseCell({ inputSize: patch ** 2, units: 8, roles });
    const model = glimpseClassifier({ cell, classes: 5 });
    expect(model.predict(drawBatch(7, [2, steps, patch ** 2], 5).inputs).shape).toEqual([2, 5]);
  });

  it('answers each image by itself', () => {
    const model = glimpseClassifier({ cell: glimpseCell({ inputSize: 4, units: 8 }), classes: 5 });
    const { inputs } = drawBatch(6, [3, 24, 4], 5);
    const alone = model.predict(slice(inputs, [1, 0, 0], [1, 24, 4]));
    expectClose(alone, slice(model.predict(inputs), [1, 0], [1, 5]), { relative: 1e-6 });
  });

  it('refuses glimpses of another size or number, and options that are unknown', () => {
    const cell = glimpseCell({ inputSize: 4, units: 8 });
    const model = glimpseClassifier({ cell, classes: 5 });
    expect(() => model.predict(zeros([2, 24, 5]))).toThrow(ShapeError);
    expect(() => model.predict(zeros([2, 24, 5]))).toThrow(/^glimpses .*\[batch, time, 4\]/);
    expect(() => model.predict(zeros([2, 20, 4]))).toThrow(/24 roles/);
    expect(() => glimpseClassifier({ cell, classes: 5, hidden: 3 } as never)).toThrow(OptionError);
    expect(() => glimpseClassifier({ cell, classes: 1 })).toThrow(/^classes/);
    expect(() => glimpseClassifier({ cell, classes: 5, hiddenUnits: 0 })).toThrow(/^hiddenUnits/);
  });
});
