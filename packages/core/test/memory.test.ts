import { expectClose } from '@fastweights/testing';
import {
  add,
  slice,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  tensor3d,
  unstack,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { stepBits } from '../src/control.ts';
import {
  attentionMemory,
  type Control,
  controlBits,
  matrixMemory,
  OptionError,
  random,
  simplifyControl,
  uniform,
} from '../src/index.ts';

const UNITS = 4;
const BATCH = 3;
const TIME = 6;
const options = { units: UNITS, decayRate: 0.8, learningRate: 0.5 };

const stream = random(5);
const draw = (...shape: number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b) }, () => uniform(stream, -1, 1));
const hs = tensor3d(draw(BATCH, TIME, UNITS), [BATCH, TIME, UNITS]);
const steps = unstack(hs, 1) as Tensor2D[];
const query = tensor2d(draw(BATCH, UNITS), [BATCH, UNITS]);
const { write, read } = controlBits;

const everywhere: Control = [new Array<number>(TIME).fill(write)];
const sometimes: Control = [[write, 0, write | read, 0, 0, write]];
const each: Control = [
  [write, write, 0, 0, write, 0],
  [0, 0, 0, 0, 0, 0],
  [0, write, write, write, write, write],
];

/** A of each sample as eq. 1 gives it, in plain numbers; a window keeps the last writes. */
function writtenOut(control: Control, window = Infinity): number[] {
  const values = hs.arraySync() as number[][][];
  return values.flatMap((sequence, sample) => {
    const row = control[control.length === 1 ? 0 : sample] ?? [];
    const writes = sequence.filter((_, t) => ((row[t] ?? 0) & write) !== 0).reverse();
    const kept = writes.slice(0, window);
    return Array.from({ length: UNITS * UNITS }, (_, n) => {
      const [i, j] = [Math.floor(n / UNITS), n % UNITS];
      return kept.reduce(
        (sum, h, age) => sum + 0.5 * 0.8 ** age * (h[i] as number) * (h[j] as number),
        0,
      );
    });
  });
}

describe.each([
  ['at every step', everywhere],
  ['at some steps', sometimes],
  ['at steps of each sample’s own', each],
] as const)('written %s', (_, control) => {
  const rows = simplifyControl(control, TIME);
  const masks = rows[0]?.map((_, t) => stepBits(rows, t).write) ?? [];
  const expected = writtenOut(control);

  it('the matrix is A', () => {
    const memory = matrixMemory(options);
    const folded = steps.reduce((s, h, t) => memory.write(s, h, masks[t]), memory.empty(BATCH));
    expectClose(folded.A, expected);
    expectClose(memory.writeAll(memory.empty(BATCH), hs, rows).A, expected);
  });

  it('attention is A', () => {
    const memory = attentionMemory(options);
    const folded = steps.reduce((s, h, t) => memory.write(s, h, masks[t]), memory.empty(BATCH));
    expectClose(memory.matrix(folded), expected);
    const atOnce = memory.writeAll(memory.empty(BATCH), hs, rows);
    expectClose(memory.matrix(atOnce), expected);
  });

  it('attention and the matrix read the same', () => {
    const [attention, matrix] = [attentionMemory(options), matrixMemory(options)];
    const a = attention.writeAll(attention.empty(BATCH), hs, rows);
    const m = matrix.writeAll(matrix.empty(BATCH), hs, rows);
    const recalled = attention.read(a, query) as Tensor2D;
    expectClose(recalled, matrix.read(m, query) as Tensor2D, { relative: 1e-6 });
  });

  it.each([1, 2, 3, 10])('a window keeps the last %i writes of each sample', (window) => {
    const memory = attentionMemory({ ...options, window });
    const atOnce = memory.writeAll(memory.empty(BATCH), hs, rows);
    expectClose(memory.matrix(atOnce), writtenOut(control, window));
    expect(atOnce.past.shape[0]).toBeLessThanOrEqual(window);
    const folded = steps.reduce((s, h, t) => memory.write(s, h, masks[t]), memory.empty(BATCH));
    expectClose(memory.matrix(folded), writtenOut(control, window));
    expect(folded.past.shape[0]).toBeLessThanOrEqual(window);
    const first = simplifyControl(
      control.map((row) => row.slice(0, 3)),
      3,
    );
    const second = simplifyControl(
      control.map((row) => row.slice(3)),
      3,
    );
    const half = memory.writeAll(
      memory.empty(BATCH),
      slice(hs, [0, 0, 0], [BATCH, 3, UNITS]),
      first,
    );
    const both = memory.writeAll(half, slice(hs, [0, 3, 0], [BATCH, 3, UNITS]), second);
    expectClose(memory.matrix(both), writtenOut(control, window));
  });
});

describe('a memory', () => {
  it('recalls nothing while nothing was written', () => {
    const attention = attentionMemory(options);
    expect(attention.read(attention.empty(BATCH), query)).toBeNull();
    const matrix = matrixMemory(options);
    expectClose(
      matrix.read(matrix.empty(BATCH), query) as Tensor2D,
      [...query.dataSync()].map(() => 0),
    );
    expectClose(attention.matrix(attention.empty(2)) as Tensor3D, new Array(2 * 16).fill(0));
  });

  it('forgets all that is older when λ = 0, and nothing when λ = 1', () => {
    const A = (decayRate: number): Tensor3D => {
      const memory = matrixMemory({ ...options, decayRate });
      return memory.writeAll(memory.empty(BATCH), hs, everywhere).A;
    };
    const last = matrixMemory(options);
    expectClose(A(0), last.write(last.empty(BATCH), steps.at(-1) as Tensor2D).A);
    const sum = steps
      .map((h) => last.write(last.empty(BATCH), h).A)
      .reduce((total, outer) => add(total, outer));
    expectClose(A(1), sum);
  });

  it('reads no more than its window, also from a state that holds more', () => {
    const [all, last] = [attentionMemory(options), attentionMemory({ ...options, window: 1 })];
    const state = all.writeAll(all.empty(BATCH), hs, everywhere);
    const newest = last.writeAll(last.empty(BATCH), hs, everywhere);
    expectClose(last.read(state, query) as Tensor2D, last.read(newest, query) as Tensor2D);
  });

  it('writes nothing on hold, whatever the other bits say', () => {
    const held: Control = [new Array<number>(TIME).fill(write | controlBits.hold)];
    const attention = attentionMemory(options);
    expect(attention.writeAll(attention.empty(BATCH), hs, held).past.shape[0]).toBe(0);
    const matrix = matrixMemory(options);
    expectClose(matrix.writeAll(matrix.empty(BATCH), hs, held).A, new Array(BATCH * 16).fill(0));
  });

  it('refuses a rate out of range', () => {
    expect(() => matrixMemory({ ...options, decayRate: 2 })).toThrow(OptionError);
    expect(() => attentionMemory({ ...options, learningRate: -1 })).toThrow(OptionError);
  });

  it('refuses a window that holds nothing', () => {
    expect(() => attentionMemory({ ...options, window: 0 })).toThrow(OptionError);
  });
});
