import {
  driveAll,
  drivenLastOutput,
  drivenOutputs,
  random,
  stepOf,
  uniform,
  walkWeights,
} from '@fastweights/core';
import {
  centralDifferences,
  type Evaluation,
  expectClose,
  flatten,
  KinkError,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import {
  add,
  addN,
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor3D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type FastWeightsCellWeights, glimpseCell } from '../src/index.ts';
import { type GlimpseOracleWeights, glimpseOracle } from './glimpse-oracle.ts';
import { size, type Variant, variants } from './glimpse-variants.ts';

const [BATCH, TIME] = [2, 24];

/** A pre-activation closer to ReLU's kink than this may be on its other side in float32. */
const MARGIN = 2e-5;

type Values = { x: number[][][]; [weight: string]: Nested };

describe('the cell agrees with the six points of Figure 3, in float64', () => {
  it.each(variants)('$name', (variant) => {
    for (let seed = 1; ; seed++) {
      try {
        if (compare(variant, seed)) return;
      } catch (error) {
        if (!(error instanceof KinkError)) throw error;
      }
      expect(seed, 'samples drawn, all too close to a kink').toBeLessThan(50);
    }
  });

  /** False where the sample is too close to a kink. */
  function compare({ options, oracle }: Variant, seed: number): boolean {
    // Not auto: so few units would take the matrix.
    const cell = glimpseCell({ ...size, decayRate: 0.8, memory: 'attention', ...options });
    const values = draw(cell.weights, seed);
    const settings = { decayRate: 0.8, learningRate: 0.5, ...oracle };
    const run = ({ x, ...weights }: Values) =>
      x.map((image) => glimpseOracle(image, weights as unknown as GlimpseOracleWeights, settings));
    const expected = run(values);
    const sizes = expected.flatMap(({ preActivations }) => preActivations.map(Math.abs));
    if (Math.min(...sizes.filter((x) => x > 0)) < MARGIN) return false;

    tidy(() => {
      for (const [name, weight] of walkWeights(cell.weights)) {
        weight.assign(tensor(flatten(values[name] as Nested), weight.shape));
      }
      const x: Tensor3D = tensor(values.x);
      const drive = driveAll(cell, x);
      const outputs = drivenOutputs(cell, drive);
      expectClose(
        outputs,
        expected.map((image) => image.outputs),
        {},
        'outputs',
      );
      expectClose(drivenLastOutput(cell, drive), stepOf(outputs), { relative: 1e-6 });
      const { matrices } = cell.trace(x, { matrices: true });
      if (settings.learningRate > 0) {
        expectClose(
          matrices as Tensor,
          expected.map((image) => image.matrices),
          {},
          'A(t)',
        );
      }

      const stream = random(seed + 1000);
      const directions = outputs.dataSync().map(() => uniform(stream, -1, 1));
      const projection = tensor(directions, outputs.shape);
      const names = Object.keys(values);
      const leaves = names.map((name) =>
        name === 'x' ? x : (cell.weights[name as 'kernel'] as Tensor),
      );
      // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
      const gradients = grads((...args: Tensor[]) =>
        add(
          sum(mul(drivenOutputs(cell, driveAll(cell, args[0] as Tensor3D)), projection)),
          addN(args.map((arg) => sum(mul(arg, 0)))),
        ),
      )(leaves);
      names.forEach((name, i) => {
        const loss = (flat: number[]): Evaluation => {
          const images = run({ ...values, [name]: unflatten(flat, values[name] as Nested) });
          const all = flatten(images.map((image) => image.outputs));
          return {
            value: all.reduce((total, y, k) => total + y * (directions[k] as number), 0),
            pattern: images.flatMap((image) => image.preActivations.map((a) => a > 0)),
          };
        };
        const differences = centralDifferences(loss, flatten(values[name] as Nested));
        expectClose(gradients[i] as Tensor, differences, {}, `gradient of ${name}`);
      });
    });
    cell.dispose();
    return true;
  }

  function draw(weights: FastWeightsCellWeights, seed: number): Values {
    const stream = random(seed);
    const array = (low: number, high: number, ...shape: number[]): Nested => {
      const [count, ...rest] = shape;
      if (count === undefined) return uniform(stream, low, high);
      return Array.from({ length: count }, () => array(low, high, ...rest));
    };
    const range = (name: string): [number, number] => {
      if (name === 'gain') return [0.5, 1.5];
      return name === 'bias' ? [-0.5, 0.5] : [-0.7, 0.7];
    };
    const drawn = [...walkWeights(weights)].map(([name, weight]) => [
      name,
      array(...range(name), ...weight.shape),
    ]);
    return {
      x: array(-1, 1, BATCH, TIME, size.inputSize) as number[][][],
      ...Object.fromEntries(drawn),
    };
  }
});
