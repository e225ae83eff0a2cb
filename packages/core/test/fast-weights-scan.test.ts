import {
  centralDifferences,
  type Evaluation,
  expectClose,
  fastWeightsOracle,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import {
  fill,
  grad,
  memory,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type ArgumentError,
  type Control,
  controlBits,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  fastWeightsScan,
  matrixMemory,
  OptionError,
  observeFastWeightsScan,
  random,
  ShapeError,
  uniform,
} from '../src/index.ts';

const [BATCH, TIME, UNITS] = [3, 9, 5];
const stream = random(21);
const draw = (...shape: number[]): never => {
  const [size, ...rest] = shape;
  if (size === undefined) return uniform(stream, -1, 1) as never;
  return Array.from({ length: size }, () => draw(...rest)) as never;
};

const numbers = {
  drive: draw(BATCH, TIME, UNITS) as number[][][],
  recurrentKernel: draw(UNITS, UNITS) as number[][],
  integrationKernel: draw(UNITS, UNITS) as number[][],
  gain: draw(UNITS) as number[],
  bias: draw(UNITS) as number[],
};
const inputs: FastWeightsScanInputs = {
  drive: tensor3d(numbers.drive),
  recurrentKernel: tensor2d(numbers.recurrentKernel),
  integrationKernel: tensor2d(numbers.integrationKernel),
  gain: tensor1d(numbers.gain),
  bias: tensor1d(numbers.bias),
};
const attrs: FastWeightsScanAttrs = {
  decayRate: 0.9,
  learningRate: 0.5,
  innerSteps: 1,
  layerNorm: ['inner'],
  settling: 'sustained',
  memory: 'attention',
};
const { read, write, wipe, integrate, hold } = controlBits;

describe('fastWeightsScan', () => {
  it('runs the glimpse scheme of the paper’s Figure 3 as one control sequence', () => {
    // Two regions of: coarse, then store and wipe; two fine glimpses; integrate.
    const region = [write | wipe, 0, 0, read | integrate];
    const steps = 2 * region.length;
    const drive = numbers.drive.map((sequence) => sequence.slice(0, steps));
    const outputs = fastWeightsScan(
      { ...inputs, drive: tensor3d(drive) },
      { ...attrs, control: [[...region, ...region]] },
    );
    drive.forEach((x, sample) => {
      const expected = figure3(x);
      expectClose(outputs.arraySync()[sample] as number[][], expected, {}, `sample ${sample}`);
    });
  });

  it.each([1, 2, 4, 20])(
    'remembers the last %i writes of a sample, whatever the others do',
    (window) => {
      const control: Control = [
        new Array<number>(TIME).fill(read | write),
        [1, 3, 0, 3, 3, 3, 1, 3, 1],
        [3, hold, 3, 3, 1 | wipe, hold, 3, 3, 3],
      ];
      const outputs = fastWeightsScan(inputs, { ...attrs, window, control });
      const expected = fastWeightsOracle(numbers, { ...attrs, window, control } as never);
      expectClose(outputs, expected.outputs);
    },
  );

  it('is an IRNN without memory, inner steps and layer norm', () => {
    const outputs = fastWeightsScan(inputs, {
      ...attrs,
      learningRate: 0,
      innerSteps: 0,
      layerNorm: [],
    });
    const W = numbers.recurrentKernel;
    const expected = numbers.drive.map((sequence) => {
      let h = new Array<number>(UNITS).fill(0);
      return sequence.map((x) => {
        h = x.map((v, j) => Math.max(0, v + dot(h, W, j)));
        return h;
      });
    });
    expectClose(outputs, expected);
  });

  it('holds: a padded sequence ends where the unpadded one does', () => {
    const padding = [hold, hold, 3, 3, hold, 3, hold, 3, hold];
    const kept = padding.flatMap((bits, t) => (bits === hold ? [] : [t]));
    const short = numbers.drive.map((sequence) => kept.map((t) => sequence[t] as number[]));
    const padded = fastWeightsScan(inputs, { ...attrs, control: [padding] });
    const plain = fastWeightsScan({ ...inputs, drive: tensor3d(short) }, attrs);
    const [a, b] = [padded.arraySync(), plain.arraySync()];
    for (let sample = 0; sample < BATCH; sample++) {
      expectClose(
        kept.map((t) => a[sample]?.[t] as number[]),
        b[sample] as number[][],
      );
      expect(a[sample]?.at(-1)).toEqual(a[sample]?.at(-2));
    }
  });
});

function dot(row: readonly number[], matrix: readonly number[][], column: number): number {
  return row.reduce((sum, v, i) => sum + v * (matrix[i]?.[column] as number), 0);
}

/** The scheme written out for regions of four glimpses, with A as a list of what was stored. */
function figure3(xs: number[][]): number[][] {
  const { recurrentKernel: W, integrationKernel: Wint, gain, bias } = numbers;
  const relu = (v: number[]): number[] => v.map((x) => Math.max(0, x));
  const stored: number[][] = [];
  const outputs: number[][] = [];
  let h = new Array<number>(UNITS).fill(0);
  xs.forEach((x, t) => {
    if (t % 4 !== 3) {
      h = relu(x.map((v, j) => v + dot(h, W, j)));
      outputs.push(h);
      if (t % 4 === 0) {
        stored.push(h);
        h = h.map(() => 0);
      }
      return;
    }
    const h0 = relu(x);
    const recalled = x.map((_, i) =>
      stored.reduce((sum, past, j) => {
        const strength = 0.5 * 0.9 ** (stored.length - 1 - j);
        const match = past.reduce((s, v, k) => s + v * (h0[k] as number), 0);
        return sum + strength * (past[i] as number) * match;
      }, 0),
    );
    const sum = x.map((v, j) => v + dot(h, Wint, j) + (recalled[j] as number));
    const mean = sum.reduce((s, v) => s + v, 0) / UNITS;
    const deviation = Math.sqrt(sum.reduce((s, v) => s + (v - mean) ** 2, 0) / UNITS + 1e-5);
    h = relu(
      sum.map((v, j) => ((gain[j] as number) * (v - mean)) / deviation + (bias[j] as number)),
    );
    outputs.push(h);
  });
  return outputs;
}

describe('fastWeightsScan refuses', () => {
  const bad: [string, Partial<FastWeightsScanInputs>, Partial<FastWeightsScanAttrs>, RegExp][] = [
    [
      'a drive of another rank',
      { drive: tensor2d([[1]]) as unknown as Tensor3D },
      {},
      /^drive .*\[batch, time, units\].* float32 \[1, 1\]/,
    ],
    ['an int32 drive', { drive: tensor3d([[[1]]], undefined, 'int32') }, {}, /^drive .*int32/],
    ['an empty sequence', { drive: tensor3d([], [2, 0, 5]) }, {}, /^drive .*something in it/],
    [
      'a kernel of other units',
      { recurrentKernel: tensor2d([[1]]) },
      {},
      /^recurrentKernel .*\[5, 5\]/,
    ],
    ['no gain with layer norm', { gain: undefined }, {}, /^gain .*missing/],
    ['a bias of another size', { bias: tensor1d([1]) as Tensor1D }, {}, /^bias .*\[5\]/],
    [
      'h of another batch',
      { h: tensor2d(draw(2, UNITS)) as Tensor2D },
      {},
      /^h .*\[3, 5\].*\[2, 5\]/,
    ],
    ['A in the attention form', { A: tensor3d(draw(BATCH, UNITS, UNITS)) }, {}, /^A .*absent/],
    ['past without weights', { past: tensor3d(draw(2, BATCH, UNITS)) }, {}, /^weights .*missing/],
    ['a control of other length', {}, { control: [[3]] }, /^control .*9 sums/],
    ['a control of two rows for three', {}, { control: [[3], [3]] }, /^control .*1 or 3 rows/],
    [
      'a control bit that is none',
      {},
      { control: [[3, 3, 64, 3, 3, 3, 3, 3, 3]] },
      /64 at \[0, 2\]/,
    ],
    [
      'integration without its kernel',
      { integrationKernel: undefined },
      { control: [new Array(9).fill(integrate)] },
      /^integrationKernel .*missing/,
    ],
    ['λ above 1', {}, { decayRate: 1.01 }, /^decayRate .*from 0 to 1.*1.01/],
    ['λ that is NaN', {}, { decayRate: Number.NaN }, /^decayRate .*NaN/],
    ['a negative η', {}, { learningRate: -1 }, /^learningRate .*-1/],
    ['an infinite η', {}, { learningRate: Infinity }, /^learningRate .*Infinity/],
    ['half an inner step', {}, { innerSteps: 0.5 }, /^innerSteps .*whole number.*0.5/],
    ['a negative S', {}, { innerSteps: -1 }, /^innerSteps .*-1/],
    ['an unknown settling', {}, { settling: 'fast' as 'free' }, /^settling .*"sustained"/],
    [
      'an unknown place for layer norm',
      {},
      { layerNorm: ['outer' as 'inner'] },
      /^layerNorm .*"outer"/,
    ],
    ['a window on a matrix', {}, { memory: 'matrix', window: 2 }, /^window .*matrix/],
    ['a window of nothing', {}, { window: 0 }, /^window .*at least 1/],
  ];
  it.each(bad)('%s', (_, badInputs, badAttrs, message) => {
    const call = () => fastWeightsScan({ ...inputs, ...badInputs }, { ...attrs, ...badAttrs });
    expect(call).toThrow(message);
    try {
      call();
    } catch (error) {
      expect([OptionError, ShapeError]).toContain((error as ArgumentError).constructor);
      expect((error as ArgumentError).received).not.toBe('');
    }
  });
});

describe('fastWeightsScan has second derivatives', () => {
  /** The squared norm of the gradient of Σ outputs², by the oracle and its central differences. */
  const squaredGradient = (drive: readonly number[]): number => {
    const loss = (flat: number[]): Evaluation => {
      const { outputs, preActivations } = fastWeightsOracle(
        { ...numbers, drive: unflatten<Nested>(flat, numbers.drive) as number[][][] },
        { ...attrs, layerNorm: ['inner'] } as never,
      );
      const value = flatten(outputs).reduce((total, y) => total + y * y, 0);
      return { value, pattern: preActivations.map((a) => a > 0) };
    };
    return centralDifferences(loss, drive).reduce((total, g) => total + g * g, 0);
  };

  it.each(['attention', 'matrix'] as const)('in the form %s', (memory) => {
    const squares = (drive: Tensor): Tensor =>
      sum(square(fastWeightsScan({ ...inputs, drive: drive as Tensor3D }, { ...attrs, memory })));
    const second = grad((drive: Tensor) => sum(square(grad(squares)(drive))))(inputs.drive);
    const flat = flatten(numbers.drive);
    const direction = flatten(draw(BATCH, TIME, UNITS));
    const moved = (by: number): number[] => flat.map((x, i) => x + by * (direction[i] as number));
    const expected = (squaredGradient(moved(1e-4)) - squaredGradient(moved(-1e-4))) / 2e-4;
    const values = second.dataSync();
    const along = direction.reduce((total, d, i) => total + d * (values[i] as number), 0);
    expectClose([along], [expected], { relative: 1e-3 });
  });
});

describe('fastWeightsScan, far from what is usual', () => {
  const ones = (time: number): Tensor3D => fill([1, time, UNITS], 1);

  it('lets NaN that arithmetic makes come out, on every backend', () => {
    const { recurrentKernel } = inputs;
    const outputs = fastWeightsScan(
      { drive: ones(40), recurrentKernel },
      { ...attrs, layerNorm: [], decayRate: 1, learningRate: 5 },
    );
    expect([...outputs.dataSync()].slice(-UNITS).every(Number.isFinite)).toBe(false);
  });

  it('takes control rows of typed arrays as it takes lists', () => {
    const rows = [Uint8Array.from([3, 3, 0, 3, 1, 16, 3, 3, 3])];
    const control = rows as unknown as Control;
    const typed = fastWeightsScan(inputs, { ...attrs, control });
    const plain = fastWeightsScan(inputs, { ...attrs, control: rows.map((row) => [...row]) });
    expect(typed.dataSync()).toEqual(plain.dataSync());
    const matrix = matrixMemory({ units: UNITS, decayRate: 0.9, learningRate: 0.5 });
    const [a, b] = [control, rows.map((row) => [...row])].map(
      (c) => matrix.writeAll(matrix.empty(BATCH), plain, c).A,
    );
    expect(a?.dataSync()).toEqual(b?.dataSync());
  });

  it('holds what a long sequence needs, and no more', () => {
    const peak = (steps: number): number => {
      const drive = ones(steps);
      const before = memory().numBytes;
      let most = 0;
      const watch = (): void => {
        most = Math.max(most, memory().numBytes - before);
      };
      tidy(() =>
        observeFastWeightsScan({ ...inputs, drive }, { ...attrs, memory: 'matrix' }, watch),
      );
      drive.dispose();
      return most / steps;
    };
    // Per step: its drive, what the observer was shown and its output; not A, nor all that led to it.
    expect(peak(400)).toBeLessThan(1.2 * peak(100));
    expect(peak(400)).toBeLessThan(12 * 4 * UNITS);
  });
});
