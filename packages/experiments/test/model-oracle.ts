import { random, uniform, type Weights, walkWeights } from '@fastweights/core';
import {
  centralDifferences,
  type Evaluation,
  expectClose,
  type FastWeightsOracleOptions,
  fastWeightsOracle,
  flatten,
  KinkError,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import { type NamedTensorMap, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

// Whole models in plain float64 numbers: layers around the oracle of the cell. Batches are [rows][columns].

type Matrix = readonly (readonly number[])[];

/** A model's weights, and whatever else it depends on, by path. */
export type Values = { readonly [path: string]: Nested };

/** What a model computes, and every pre-activation on the way. */
interface Outcome {
  readonly outputs: Nested;
  readonly preActivations: number[];
}

/** x · kernel + bias, of the layer with this path. */
export function dense(x: Matrix, values: Values, path: string): number[][] {
  const kernel = values[`${path}.kernel`] as Matrix;
  const bias = values[`${path}.bias`] as number[];
  return times(x, kernel).map((row) => row.map((sum, j) => sum + (bias[j] as number)));
}

/** ReLU, which tells what it was given. */
export function relu(x: Matrix, preActivations: number[]): number[][] {
  preActivations.push(...x.flat());
  return x.map((row) => row.map((a) => Math.max(0, a)));
}

/** The cell with the path `cell`: `[batch][time][inputs]` → `[batch][time][units]`. */
export function fastWeights(
  inputs: readonly Matrix[],
  values: Values,
  options: Partial<FastWeightsOracleOptions>,
  preActivations: number[],
): number[][][] {
  const own = Object.entries(values).flatMap(([path, value]) =>
    path.startsWith('cell.') ? [[path.slice('cell.'.length), value]] : [],
  );
  const { kernel, ...weights } = Object.fromEntries(own);
  const { outputs, preActivations: inside } = fastWeightsOracle(
    { ...weights, drive: inputs.map((sequence) => times(sequence, kernel)) },
    {
      decayRate: 0.95,
      learningRate: 0.5,
      innerSteps: 1,
      settling: 'sustained',
      layerNorm: ['inner'],
      ...options,
    },
  );
  preActivations.push(...inside);
  return outputs;
}

function times(x: Matrix, kernel: Matrix): number[][] {
  return x.map((row) =>
    (kernel[0] as number[]).map((_, j) =>
      row.reduce((sum, value, i) => sum + value * (kernel[i]?.[j] as number), 0),
    ),
  );
}

interface Comparison {
  readonly weights: Weights;
  readonly seed: number;
  oracle(values: Values): Outcome;
  /** What the model computes with the weights that it has now. */
  run(): Tensor[];
  /** Of the sum of all outputs, each times its own number, by the paths of the weights. */
  gradients(projections: readonly Tensor[]): NamedTensorMap;
}

/** A pre-activation closer to ReLU's kink than this may be on its other side in float32. */
const MARGIN = 2e-5;

/** Gives a model weights drawn anew, and compares what it computes, and the gradient of every weight, with an oracle. */
export function expectLikeOracle(compare: (seed: number) => Comparison): void {
  for (let seed = 1; ; seed++) {
    try {
      if (isLikeOracle(compare(seed))) return;
    } catch (error) {
      if (!(error instanceof KinkError)) throw error;
    }
    expect(seed, 'samples drawn, all too close to a kink').toBeLessThan(50);
  }
}

/** False where the sample is too close to a kink. */
function isLikeOracle({ weights, seed, oracle, run, gradients }: Comparison): boolean {
  const values = drawWeights(weights, seed);
  const expected = oracle(values);
  if (Math.min(...expected.preActivations.map(Math.abs).filter((x) => x > 0)) < MARGIN)
    return false;
  tidy(() => {
    const outputs = run();
    const actual = outputs.flatMap((output) => [...output.dataSync()]);
    expectClose(actual, expected.outputs, {}, 'outputs');

    const stream = random(seed + 1000);
    const projections = outputs.map(({ shape, size }) =>
      tensor(
        Array.from({ length: size }, () => uniform(stream, -1, 1)),
        shape,
      ),
    );
    const factors = projections.flatMap((projection) => [...projection.dataSync()]);
    const found = gradients(projections);
    for (const [path] of walkWeights(weights)) {
      const loss = (flat: number[]): Evaluation => {
        const moved = unflatten(flat, values[path] as Nested);
        const { outputs, preActivations } = oracle({ ...values, [path]: moved });
        const value = flatten(outputs).reduce((sum, y, i) => sum + y * (factors[i] as number), 0);
        return { value, pattern: preActivations.map((a) => a > 0) };
      };
      const differences = centralDifferences(loss, flatten(values[path] as Nested));
      expectClose(found[path] as Tensor, differences, {}, `gradient of ${path}`);
    }
  });
  return true;
}

function drawWeights(weights: Weights, seed: number): Values {
  const stream = random(seed);
  const draw = (low: number, high: number, [size, ...rest]: readonly number[]): Nested => {
    if (size === undefined) return uniform(stream, low, high);
    return Array.from({ length: size }, () => draw(low, high, rest));
  };
  return Object.fromEntries(
    [...walkWeights(weights)].map(([path, weight]) => {
      const value = path.endsWith('gain')
        ? draw(0.5, 1.5, weight.shape)
        : draw(-0.7, 0.7, weight.shape);
      tidy(() => weight.assign(tensor(flatten(value), weight.shape)));
      return [path, value];
    }),
  );
}
