import {
  controlBits,
  integer,
  type LayerNormPlace,
  random,
  uniform,
  walkWeights,
} from '@fastweights/core';
import {
  centralDifferences,
  directionalDifference,
  type Evaluation,
  expectClose,
  type FastWeightsOracleInputs,
  fastWeightsOracle,
  flatten,
  KinkError,
  type Nested,
  pairwise,
  unflatten,
} from '@fastweights/testing';
import {
  add,
  addN,
  grads,
  mul,
  reshape,
  sum,
  type Tensor,
  type Tensor3D,
  tensor,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type FastWeightsCell, type FastWeightsState, fastWeightsCell } from '../src/index.ts';

// The cell against the float64 oracle: hidden states, and every gradient against the oracle's central differences.

const INPUT_SIZE = 4;
const CARRIED = 3;
const LEARNING_RATE = 0.5;
const DECAY_RATE = 0.9;
/** A pre-activation closer to ReLU's kink than this may be on its other side in float32. */
const MARGIN = 2e-5;

const cases = pairwise({
  innerSteps: [0, 1, 2, 3],
  time: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  units: [1, 3, 7, 50],
  batchSize: [1, 5],
  settling: ['sustained', 'free'],
  memory: ['attention', 'matrix'],
  layerNorm: ['none', 'inner', 'preliminary+inner', 'everywhere'],
  control: ['read and write', 'random', 'random per sample'],
  start: ['zero', 'carried'],
  // Twice: what the cell is for deserves the most rows.
  innerWeights: ['fast', 'fast', 'slow', 'recurrent'],
});
type Case = (typeof cases)[number];

const PLACES: Record<Case['layerNorm'], LayerNormPlace[]> = {
  none: [],
  inner: ['inner'],
  'preliminary+inner': ['preliminary', 'inner'],
  everywhere: ['plain', 'preliminary', 'inner'],
};

/** Everything with a gradient, as nested numbers; what a case does not have is absent. */
type Values = { [name: string]: Nested };

interface Sample {
  readonly values: Values;
  readonly projection: Nested;
  readonly control: number[][] | undefined;
}

describe('the cell agrees with the float64 oracle', () => {
  it.each(cases)(
    'S=$innerSteps T=$time H=$units B=$batchSize $settling, $memory, norm $layerNorm, $control, from $start, $innerWeights',
    (c) => {
      for (let seed = 1; ; seed++) {
        const sample = draw(c, seed);
        try {
          if (closestToKink(c, sample) < MARGIN) continue;
          compare(c, sample, seed);
          return;
        } catch (error) {
          if (!(error instanceof KinkError)) throw error;
        }
        expect(seed, 'samples drawn, all too close to a kink').toBeLessThan(50);
      }
    },
  );
});

function draw(c: Case, seed: number): Sample {
  const stream = random(seed);
  const array = (low: number, high: number, ...shape: number[]): Nested => {
    const [size, ...rest] = shape;
    if (size === undefined) return uniform(stream, low, high);
    return Array.from({ length: size }, () => array(low, high, ...rest));
  };
  const { units, batchSize, time } = c;
  // Without layer norm the state may grow without bound: the reason why the paper normalises.
  const drive = c.layerNorm === 'none' ? 0.2 : 1;
  const spread = 1 / Math.sqrt(units);
  const matrix = (): Nested => array(-spread, spread, units, units);
  const values: Values = {
    x: array(-drive, drive, batchSize, time, INPUT_SIZE),
    kernel: array(-1, 1, INPUT_SIZE, units),
    recurrentKernel: matrix(),
    ...(c.control !== 'read and write' && { integrationKernel: matrix() }),
    ...(c.innerWeights === 'slow' && { innerKernel: matrix() }),
    ...(c.layerNorm !== 'none' && {
      gain: array(0.5, 1.5, units),
      bias: array(-0.5, 0.5, units),
    }),
  };
  if (c.start === 'carried') {
    values['h'] = array(0, drive, batchSize, units);
    if (c.innerWeights === 'fast') {
      if (c.memory === 'matrix') values['A'] = array(0, drive * spread, batchSize, units, units);
      else {
        values['past'] = array(0, drive, batchSize, CARRIED, units);
        values['weights'] = array(0.1, 0.5, batchSize, CARRIED);
      }
    }
  }
  const bits = (): number =>
    integer(stream, 16) | (integer(stream, 8) === 0 ? controlBits.hold : 0);
  const rows = c.control === 'random per sample' ? batchSize : 1;
  return {
    values,
    projection: array(-1, 1, batchSize, time, units),
    control:
      c.control === 'read and write'
        ? undefined
        : Array.from({ length: rows }, () => Array.from({ length: time }, bits)),
  };
}

function oracle(c: Case, { control }: Sample, values: Values) {
  const { x, kernel, ...rest } = values as { x: number[][][]; kernel: number[][] };
  const drive = x.map((steps) => steps.map((row) => times(row, kernel)));
  return oracleOfDrive(c, control, { ...rest, drive });
}

function oracleOfDrive(c: Case, control: number[][] | undefined, values: Values) {
  const inputs = values as unknown as FastWeightsOracleInputs;
  const innerKernel = c.innerWeights === 'recurrent' ? inputs.recurrentKernel : inputs.innerKernel;
  return fastWeightsOracle(
    { ...inputs, ...(innerKernel && { innerKernel }) },
    {
      decayRate: DECAY_RATE,
      learningRate: LEARNING_RATE,
      innerSteps: c.innerSteps,
      settling: c.settling,
      layerNorm: PLACES[c.layerNorm],
      ...(control && { control }),
    },
  );
}

function times(row: readonly number[], matrix: readonly number[][]): number[] {
  const columns = matrix[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, j) =>
    row.reduce((total, x, i) => total + x * (matrix[i]?.[j] as number), 0),
  );
}

function closestToKink(c: Case, sample: Sample): number {
  // Exact zeros (a wiped state without a drive) stay exact in float32.
  const sizes = oracle(c, sample, sample.values).preActivations.map(Math.abs);
  return Math.min(...sizes.filter((size) => size > 0));
}

function compare(c: Case, sample: Sample, seed: number): void {
  const { values, control } = sample;
  const cell = createCell(c, values);
  tidy(() => {
    const leaves = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, leaf(cell, name, value)]),
    );
    const run = () => {
      const x = leaves['x'] as Tensor3D;
      const drive = cell.drive(reshape(x, [c.batchSize * c.time, INPUT_SIZE]));
      const start = stateFrom(cell, c, leaves);
      return cell.scan(reshape(drive, [c.batchSize, c.time, c.units]), start, control);
    };
    const expected = oracle(c, sample, values);
    const [outputs, state] = run();
    expectClose(outputs, expected.outputs, {}, 'outputs');
    expectClose(state.h, expected.h, {}, 'state.h');
    if (state.A) expectClose(state.A, expected.A, {}, 'state.A');

    const projection = tensor(sample.projection as number[][][]);
    const names = Object.keys(values);
    // tfjs refuses the gradient of what plays no part (W at T = 1 from zero): a part of nothing makes it zero.
    const nothing = (args: Tensor[]): Tensor => addN(args.map((arg) => sum(mul(arg, 0))));
    const gradients = grads((...args: Tensor[]) =>
      add(sum(mul(run()[0], projection)), nothing(args)),
    )(names.map((name) => leaves[name] as Tensor));
    names.forEach((name, i) => {
      const loss = (flat: number[]): Evaluation => {
        const moved = { ...values, [name]: unflatten(flat, values[name] as Nested) };
        return evaluate(oracle(c, sample, moved), sample.projection);
      };
      compareGradient(c, name, gradients[i] as Tensor, values[name] as Nested, loss, seed);
    });

    const drive = reshape(
      cell.drive(reshape(leaves['x'] as Tensor3D, [c.batchSize * c.time, INPUT_SIZE])),
      [c.batchSize, c.time, c.units],
    ) as Tensor3D;
    const [driveGradient] = grads((d: Tensor) =>
      sum(mul(cell.scan(d as Tensor3D, stateFrom(cell, c, leaves), control)[0], projection)),
    )([drive]);
    const { x, kernel, ...rest } = values as { x: number[][][]; kernel: number[][] };
    const exact = x.map((steps) => steps.map((row) => times(row, kernel)));
    const loss = (flat: number[]): Evaluation =>
      evaluate(
        oracleOfDrive(c, control, { ...rest, drive: unflatten<Nested>(flat, exact) }),
        sample.projection,
      );
    compareGradient(c, 'drive', driveGradient as Tensor, exact, loss, seed);
  });
  cell.dispose();
}

function createCell(c: Case, values: Values): FastWeightsCell {
  const cell = fastWeightsCell({
    inputSize: INPUT_SIZE,
    units: c.units,
    decayRate: DECAY_RATE,
    learningRate: LEARNING_RATE,
    innerSteps: c.innerSteps,
    settling: c.settling,
    layerNorm: PLACES[c.layerNorm],
    memory: c.memory,
    innerWeights: c.innerWeights,
    integration: 'integrationKernel' in values,
  });
  tidy(() => {
    for (const [name, weight] of walkWeights(cell.weights)) {
      weight.assign(tensor(flatten(values[name] as Nested), weight.shape));
    }
  });
  return cell;
}

/** What the gradient is taken of: a weight of the cell itself, or a tensor. */
function leaf(cell: FastWeightsCell, name: string, value: Nested): Tensor {
  if (name in cell.weights) return cell.weights[name as 'kernel'];
  return tensor(value as number[][]);
}

function stateFrom(
  cell: FastWeightsCell,
  c: Case,
  leaves: Record<string, Tensor>,
): FastWeightsState {
  const zero = cell.initialState(c.batchSize);
  const { h = zero.h, A = zero.A, past, weights } = leaves;
  return {
    h,
    ...(A && { A }),
    // The oracle counts samples first, the cell writes first.
    ...(zero.past && { past: past ? transpose(past, [1, 0, 2]) : zero.past }),
    ...(zero.weights && { weights: weights ? transpose(weights) : zero.weights }),
  } as FastWeightsState;
}

function evaluate(
  { outputs, preActivations }: ReturnType<typeof fastWeightsOracle>,
  projection: Nested,
): Evaluation {
  const weights = flatten(projection);
  return {
    value: flatten(outputs).reduce((total, y, i) => total + y * (weights[i] as number), 0),
    pattern: preActivations.map((x) => x > 0),
  };
}

/** Every element while that is affordable, else eight random directions. */
function compareGradient(
  c: Case,
  name: string,
  gradient: Tensor,
  value: Nested,
  loss: (flat: number[]) => Evaluation,
  seed: number,
): void {
  const flat = flatten(value);
  const actual = [...gradient.dataSync()];
  if (c.units <= 7) {
    expectClose(actual, centralDifferences(loss, flat), {}, `gradient of ${name}`);
    return;
  }
  const stream = random(seed);
  const directions = Array.from({ length: 8 }, () => flat.map(() => uniform(stream, -1, 1)));
  expectClose(
    directions.map((d) => d.reduce((total, x, i) => total + x * (actual[i] as number), 0)),
    directions.map((d) => directionalDifference(loss, flat, d)),
    {},
    `gradient of ${name} along 8 directions`,
  );
}
