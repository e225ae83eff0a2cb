import {
  type ArgumentError,
  controlBits,
  fanOutUniform,
  NotFiniteError,
  OptionError,
  random,
  setNumericChecks,
  uniform,
  unroll,
} from '@fastweights/core';
import { describeCell, expectClose, expectNoLeaks, fastWeightsOracle } from '@fastweights/testing';
import {
  matMul,
  mul,
  reshape,
  slice,
  sum,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  tensor3d,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type FastWeightsCellOptions,
  type FastWeightsState,
  fastWeightsCell,
} from '../src/index.ts';

const [INPUTS, UNITS] = [4, 7];
const size = { inputSize: INPUTS, units: UNITS };
const slow = INPUTS * UNITS + UNITS * UNITS;
const normed = slow + 2 * UNITS;

const variants: [string, Partial<FastWeightsCellOptions>, number][] = [
  ['fastWeightsCell', {}, normed],
  ['with a matrix', { memory: 'matrix' }, normed],
  ['with a window', { window: 3 }, normed],
  [
    'with three inner steps, normalised everywhere',
    { innerSteps: 3, layerNorm: ['inner', 'preliminary', 'plain'] },
    normed,
  ],
  ['without layer norm', { layerNorm: [], learningRate: 0.05 }, slow],
  ['settling freely', { settling: 'free', innerSteps: 2 }, normed],
  ['without memory', { learningRate: 0 }, normed],
  ['with a slow matrix in A’s place', { innerWeights: 'slow' }, normed + UNITS * UNITS],
  ['with W in A’s place', { innerWeights: 'recurrent' }, normed],
];
for (const [name, options, weightCount] of variants) {
  describeCell(name, {
    create: (seed) => fastWeightsCell({ ...size, ...options, seed }),
    weightCount,
  });
}

const [BATCH, TIME] = [3, 8];
const stream = random(31);
const draw = (...shape: number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b) }, () => uniform(stream, -1, 1));
const sequences = (batch = BATCH, time = TIME): Tensor3D =>
  tensor3d(draw(batch, time, INPUTS), [batch, time, INPUTS]);
const tight = { relative: 1e-6 };

describe('the two forms of the memory', () => {
  // Several inner steps are tried at the paper's size only: the layer norm of few units magnifies rounding, and both
  // forms are then as far from the oracle as from each other.
  it.each([
    { units: UNITS, innerSteps: 0 },
    { units: UNITS, innerSteps: 1 },
    { units: UNITS, layerNorm: [], learningRate: 0.05 },
    { units: 50, innerSteps: 1 },
    { units: 50, innerSteps: 3 },
    { units: 50, innerSteps: 2, settling: 'free' },
    { units: 50, innerSteps: 3, layerNorm: [], learningRate: 0.05 },
  ] as const)('are equal: %o', (options) => {
    const inputs = sequences();
    const run = (memory: 'attention' | 'matrix') =>
      unroll(fastWeightsCell({ inputSize: INPUTS, ...options, memory }), inputs);
    const [[a, stateA], [m, stateM]] = [run('attention'), run('matrix')];
    expectClose(a, m, tight);
    expectClose(matrixOf(stateA), stateM.A as Tensor3D, tight);
  });

  it('auto takes attention first, the matrix when that is cheaper, and computes the same', () => {
    const long = sequences(2, 3 * UNITS + 2);
    const cell = fastWeightsCell(size);
    const [first, state] = unroll(cell, slice(long, [0, 0, 0], [2, TIME, INPUTS]));
    expect(Object.keys(state)).toEqual(['h', 'past', 'weights']);
    const rest = slice(long, [0, TIME, 0], [2, 3 * UNITS + 2 - TIME, INPUTS]);
    const [second, after] = unroll(cell, rest, state);
    expect(Object.keys(after)).toEqual(['h', 'A']);
    const [whole, end] = unroll(fastWeightsCell({ ...size, memory: 'attention' }), long);
    expectClose(first, slice(whole, [0, 0, 0], [2, TIME, UNITS]), tight);
    expectClose(second, slice(whole, [0, TIME, 0], [2, rest.shape[1], UNITS]), tight);
    expectClose(after.A as Tensor3D, matrixOf(end), tight);
  });

  /** Σ_j weights_j past_j past_jᵀ */
  function matrixOf({ past, weights }: FastWeightsState): Tensor3D {
    const p = past as Tensor3D;
    const w = reshape(weights as Tensor2D, [p.shape[0], p.shape[1], 1]);
    return matMul(transpose(mul<Tensor3D>(p, w), [1, 2, 0]), transpose(p, [1, 0, 2]));
  }
});

describe('a window', () => {
  it.each([1, 2, 5, 8, 20])('of %i writes is an oracle that keeps as many states', (window) => {
    const cell = fastWeightsCell({ ...size, window });
    const inputs = sequences();
    const drive = reshape(cell.drive(reshape(inputs, [BATCH * TIME, INPUTS])), [
      BATCH,
      TIME,
      UNITS,
    ]);
    const [outputs, state] = unroll(cell, inputs);
    const expected = fastWeightsOracle(
      {
        drive: drive.arraySync() as number[][][],
        recurrentKernel: cell.weights.recurrentKernel.arraySync(),
      },
      {
        decayRate: 0.95,
        learningRate: 0.5,
        innerSteps: 1,
        settling: 'sustained',
        layerNorm: ['inner'],
        window,
      },
    );
    expectClose(outputs, expected.outputs);
    expect(state.past?.shape[0]).toBe(Math.min(window, TIME));
  });
});

describe('one write per time step', () => {
  it.each([0, 1, 2, 5])('of the final h, after %i inner steps', (innerSteps) => {
    const cell = fastWeightsCell({
      ...size,
      innerSteps,
      memory: 'matrix',
      decayRate: 0.8,
      learningRate: 0.3,
    });
    const inputs = sequences(1, 2);
    const [outputs, state] = unroll(cell, inputs);
    const [first, second] = (outputs.arraySync()[0] ?? []) as [number[], number[]];
    const expected = first.map((_, i) =>
      first.map(
        (__, j) =>
          0.8 * 0.3 * (first[i] as number) * (first[j] as number) +
          0.3 * (second[i] as number) * (second[j] as number),
      ),
    );
    expectClose(state.A as Tensor3D, [expected], tight);
  });
});

describe('η = 0', () => {
  it('is the plain network: nothing of the past but h', () => {
    const cell = fastWeightsCell({ ...size, learningRate: 0, innerSteps: 0, layerNorm: [] });
    const inputs = sequences();
    const [C, W] = [cell.weights.kernel.arraySync(), cell.weights.recurrentKernel.arraySync()];
    const expected = (inputs.arraySync() as number[][][]).map((sequence) => {
      let h = new Array<number>(UNITS).fill(0);
      return sequence.map((x) => {
        h = h.map((_, j) => Math.max(0, times(x, C, j) + times(h, W, j)));
        return h;
      });
    });
    const [outputs, state] = unroll(cell, inputs);
    expectClose(outputs, expected);
    expect(Object.keys(state)).toEqual(['h']);
  });

  it('makes the inner steps idle: with the boundary held, S does not matter', () => {
    const run = (innerSteps: number) =>
      unroll(fastWeightsCell({ ...size, learningRate: 0, innerSteps }), inputs)[0];
    const inputs = sequences();
    expectClose(run(1), run(4), tight);
  });

  function times(row: number[], matrix: number[][], column: number): number {
    return row.reduce((total, x, i) => total + x * (matrix[i]?.[column] as number), 0);
  }
});

describe('a batch', () => {
  it('keeps samples apart when each has a control and a window of its own', () => {
    const cell = fastWeightsCell({ ...size, window: 2, integration: true });
    const { hold, wipe, integrate } = controlBits;
    const control = [
      [3, 3, 3, 3, 3, 3, 3, 3],
      [2 | wipe, 0, 0, 1 | integrate, 2 | wipe, 0, 0, 1 | integrate],
      [3, hold, 3, hold, 3, 1, hold, hold],
    ];
    const inputs = sequences();
    const drive = (x: Tensor3D): Tensor3D =>
      reshape(cell.drive(reshape(x, [-1, INPUTS])), [x.shape[0], TIME, UNITS]);
    const [together, state] = cell.scan(drive(inputs), cell.initialState(BATCH), control);
    control.forEach((row, sample) => {
      const own = slice(inputs, [sample, 0, 0], [1, TIME, INPUTS]);
      const [alone, after] = cell.scan(drive(own), cell.initialState(1), [row]);
      expectClose(slice(together, [sample, 0, 0], [1, TIME, UNITS]), alone, tight);
      expectClose(slice(state.h, [sample, 0], [1, UNITS]), after.h, tight);
    });
  });
});

describe('a state', () => {
  it('belongs to whoever has it: disposing the old one leaves the new one whole', () => {
    const cell = fastWeightsCell(size);
    const [, state] = unroll(cell, sequences());
    const idle = [[controlBits.hold]];
    const [, next] = cell.step(zeros([BATCH, UNITS]), state, idle);
    const before = [...(next.past as Tensor3D).dataSync()];
    for (const tensor of Object.values(state)) tensor.dispose();
    expect([...(next.past as Tensor3D).dataSync()]).toEqual(before);
    expect(next.h.dataSync().length).toBe(BATCH * UNITS);
  });
});

describe('a trace', () => {
  const options = { ...size, innerSteps: 2, decayRate: 0.8 };

  it('shows the outputs, h₀ … h_S and A that the oracle has', () => {
    const cell = fastWeightsCell({ ...options, integration: true });
    const inputs = sequences();
    const control = [[3, 3, 2 | 4, 0, 1 | 8, 16, 3, 3]];
    const trace = cell.trace(inputs, { control, matrices: true });
    const drive = reshape(cell.drive(reshape(inputs, [-1, INPUTS])), [BATCH, TIME, UNITS]);
    const oracle = (steps: number) =>
      fastWeightsOracle(
        {
          drive: slice(drive, [0, 0, 0], [BATCH, steps, UNITS]).arraySync() as number[][][],
          recurrentKernel: cell.weights.recurrentKernel.arraySync(),
          integrationKernel: cell.weights.integrationKernel?.arraySync() ?? [],
        },
        {
          decayRate: 0.8,
          learningRate: 0.5,
          innerSteps: 2,
          settling: 'sustained',
          layerNorm: ['inner'],
          control: control.map((row) => row.slice(0, steps)),
        },
      );
    const expected = oracle(TIME);
    expectClose(trace.outputs, expected.outputs);
    const padded = expected.hidden.map((steps) =>
      steps.map((hidden) => [0, 1, 2].map((s) => hidden[s] ?? (hidden.at(-1) as number[]))),
    );
    expectClose(trace.hidden, padded);
    for (let t = 0; t < TIME; t++) {
      const A = slice(trace.matrices as never, [0, t, 0, 0], [BATCH, 1, UNITS, UNITS]);
      expectClose(A, oracle(t + 1).A, {}, `A(${t})`);
    }
  });

  it('shows the attention that A h_s is made of', () => {
    const cell = fastWeightsCell({ ...options, integration: true });
    const inputs = sequences();
    const control = [
      [3, 3, 3, 3, 3, 3, 3, 3],
      [2 | 4, 0, 0, 1 | 8, 2 | 4, 0, 0, 1 | 8],
      [3, 16, 3, 1, 3, 2, 16, 3],
    ];
    const { outputs, hidden, attention } = cell.trace(inputs, { control });
    const drive = reshape(cell.drive(reshape(inputs, [-1, INPUTS])), [BATCH, TIME, UNITS]);
    const { reads } = fastWeightsOracle(
      {
        drive: drive.arraySync() as number[][][],
        recurrentKernel: cell.weights.recurrentKernel.arraySync(),
        integrationKernel: cell.weights.integrationKernel?.arraySync() ?? [],
      },
      {
        decayRate: 0.8,
        learningRate: 0.5,
        innerSteps: 2,
        settling: 'sustained',
        layerNorm: ['inner'],
        control,
      },
    );
    expect(hidden.shape).toEqual([BATCH, TIME, 3, UNITS]);
    expect(attention.shape).toEqual([BATCH, TIME, 2, TIME]);
    const recalled = matMul(reshape(attention, [BATCH, TIME * 2, TIME]), outputs);
    const none = [0, 1].map(() => new Array<number>(UNITS).fill(0));
    expectClose(
      reshape(recalled, [BATCH, TIME, 2, UNITS]),
      reads.map((steps) => steps.map((read) => (read.length > 0 ? read : none))),
    );
  });

  it.each([undefined, 2, 5])(
    'goes on from a carried state as if it had seen all (window %s)',
    (window) => {
      const cell = fastWeightsCell({ ...options, ...(window && { window }) });
      const inputs = sequences();
      const whole = cell.trace(inputs);
      const [, state] = unroll(cell, slice(inputs, [0, 0, 0], [BATCH, 5, INPUTS]));
      const rest = cell.trace(slice(inputs, [0, 5, 0], [BATCH, 3, INPUTS]), { state });
      const carried = window === undefined ? 5 : Math.min(5, window);
      expect(rest.attention.shape).toEqual([BATCH, 3, 2, carried + 3]);
      const columns = slice(whole.attention, [0, 5, 0, 5 - carried], [BATCH, 3, 2, carried + 3]);
      expectClose(rest.attention, columns, tight);
      expectClose(rest.hidden, slice(whole.hidden, [0, 5, 0, 0], [BATCH, 3, 3, UNITS]), tight);
    },
  );

  it('has no attention without memory, and none without inner steps', () => {
    const plain = fastWeightsCell({ ...size, learningRate: 0 }).trace(sequences());
    expect(sum(plain.attention).dataSync()[0]).toBe(0);
    const none = fastWeightsCell({ ...size, innerSteps: 0 }).trace(sequences());
    expect(none.attention.shape).toEqual([BATCH, TIME, 0, TIME]);
    expect(none.hidden.shape).toEqual([BATCH, TIME, 1, UNITS]);
  });

  it('leaves nothing behind but itself', async () => {
    const cell = fastWeightsCell(size);
    const inputs = sequences();
    await expectNoLeaks(() => {
      for (const tensor of Object.values(cell.trace(inputs, { matrices: true }))) tensor.dispose();
    });
  });

  it('refuses a state that no longer knows its writes', () => {
    const cell = fastWeightsCell({ ...size, memory: 'matrix' });
    const [, state] = unroll(cell, sequences());
    expect(() => cell.trace(sequences(), { state })).toThrow(OptionError);
    expect(cell.trace(sequences()).attention.shape).toEqual([BATCH, TIME, 1, TIME]);
  });
});

describe('initialisers', () => {
  it('are the paper’s 0.05 · I for W, and can be chosen', () => {
    const { recurrentKernel } = fastWeightsCell(size).weights;
    const expected = Array.from({ length: UNITS * UNITS }, (_, i) =>
      i % (UNITS + 1) === 0 ? 0.05 : 0,
    );
    expectClose(recurrentKernel, expected);
    const chosen = fastWeightsCell({ ...size, initializers: { recurrentKernel: fanOutUniform() } });
    const largest = Math.max(...chosen.weights.recurrentKernel.dataSync().map(Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(UNITS));
    expect(largest).toBeGreaterThan(0.05);
  });
});

describe('fastWeightsCell refuses', () => {
  it.each([
    ['no units', { units: 0 }, /^units .*at least 1.* 0\.$/],
    ['half a unit', { units: 2.5 }, /^units .*2\.5/],
    ['units in words', { units: '50' as never }, /^units .*"50"/],
    ['no input', { inputSize: 0 }, /^inputSize/],
    ['λ out of range', { decayRate: -0.1 }, /^decayRate .*from 0 to 1.*-0\.1/],
    ['negative S', { innerSteps: -1 }, /^innerSteps/],
    ['a negative seed', { seed: -1 }, /^seed/],
    [
      'an unknown memory',
      { memory: 'disk' as never },
      /^memory .*"auto", "attention", "matrix".*"disk"/,
    ],
    ['a window on a matrix', { memory: 'matrix', window: 3 }, /^window .*matrix.* 3\.$/],
    ['a misspelt initialiser', { initializers: { kernal: 1 } } as never, /initializers .*"kernal"/],
    ['integration in words', { integration: 'yes' as never }, /^integration .*"yes"/],
    ['a misspelt option', { unit: 3 } as never, /^options of fastWeightsCell .*"unit"/],
  ] as [string, Partial<FastWeightsCellOptions>, RegExp][])('%s', (_, options, message) => {
    const create = () => fastWeightsCell({ ...size, ...options });
    expect(create).toThrow(OptionError);
    expect(create).toThrow(message);
  });

  const cell = fastWeightsCell(size);
  const good = () => cell.initialState(2);
  const x: Tensor2D = zeros([2, UNITS]);
  it.each([
    [
      'an input of another width',
      () => cell.drive(zeros([2, 3])),
      /^input .*\[rows, 4\].*\[2, 3\]/,
    ],
    [
      'an input of another rank',
      () => cell.drive(zeros([2, 3, 4]) as never),
      /^input .*\[2, 3, 4\]/,
    ],
    ['a drive of another width', () => cell.step(zeros([2, 3]), good()), /^drive .*\[batch, 7\]/],
    [
      'a sequence of another width',
      () => unroll(cell, zeros([2, 3, 5])),
      /^inputs .*\[batch, time, 4\]/,
    ],
    [
      'a state of another batch',
      () => cell.step(x, cell.initialState(3)),
      /^state\.h .*\[2, 7\].*\[3, 7\]/,
    ],
    [
      'a state without its memory',
      () => cell.step(x, { h: x }),
      /^state .*h, past, weights.* h\.$/,
    ],
    [
      'half a memory',
      () => cell.step(x, { h: x, past: zeros([1, 2, UNITS]) }),
      /^state .*h, past\.$/,
    ],
    [
      'weights that do not match',
      () => cell.step(x, { h: x, past: zeros([1, 2, UNITS]), weights: zeros([2, 2]) }),
      /^state\.weights .*\[1, 2\]/,
    ],
    [
      'a matrix where attention was asked for',
      () =>
        fastWeightsCell({ ...size, memory: 'attention' }).step(x, {
          h: x,
          A: zeros([2, UNITS, UNITS]),
        }),
      /^state .*A, h\.$/,
    ],
    ['a batch of none', () => cell.initialState(0), /^batchSize/],
  ] as [string, () => unknown, RegExp][])('%s', (_, call, message) => {
    expect(call).toThrow(message);
    expect(codeOf(call)).toMatch(/^(shape|option)$/);
  });

  function codeOf(call: () => unknown): string | undefined {
    try {
      call();
    } catch (error) {
      return (error as ArgumentError).code;
    }
    return undefined;
  }

  describe('while checks are on', () => {
    afterEach(() => setNumericChecks(false));

    it('NaN and infinities in its input, and says where', () => {
      const bad = tensor2d([
        [0, 0, 0, 0],
        [0, 0, Number.NaN, 0],
      ]);
      const sequence = tensor3d([
        [
          [0, 0, 0, 0],
          [0, Infinity, 0, 0],
        ],
      ]);
      expect(() => cell.drive(bad)).not.toThrow();
      setNumericChecks(true);
      expect(() => cell.drive(bad)).toThrow(NotFiniteError);
      expect(() => cell.drive(bad)).toThrow(
        'input must be finite everywhere, but it is NaN at [1, 2].',
      );
      expect(() => cell.trace(sequence)).toThrow(
        'inputs must be finite everywhere, but it is Infinity at [0, 1, 1].',
      );
      const state = {
        ...good(),
        h: tensor2d(new Float32Array(2 * UNITS).fill(Number.NaN), [2, UNITS]),
      };
      expect(() => cell.step(x, state)).toThrow(/^state\.h .*NaN at \[0, 0\]/);
    });
  });
});
