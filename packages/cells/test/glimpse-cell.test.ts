import {
  countWeights,
  driveAll,
  drivenLastOutput,
  OptionError,
  random,
  ShapeError,
  stepOf,
  uniform,
  unroll,
} from '@fastweights/core';
import { describeCell, expectClose } from '@fastweights/testing';
import {
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type GlimpseRole, glimpseCell, glimpseRoles } from '../src/index.ts';
import { size, variants } from './glimpse-variants.ts';

const [BATCH, TIME] = [2, 24];
const { inputSize: INPUTS, units: UNITS } = size;
const region: GlimpseRole[] = ['coarse', 'fine', 'fine', 'fine', 'fine', 'again'];

for (const { name, options, weightCount } of variants) {
  describeCell(`${name}, of one region`, {
    create: (seed) => glimpseCell({ ...size, ...options, roles: region, seed }),
    weightCount,
  });
}

const stream = random(7);
const images = (time = TIME): Tensor3D =>
  tensor(
    Array.from({ length: BATCH * time * INPUTS }, () => uniform(stream, -1, 1)),
    [BATCH, time, INPUTS],
  );

describe('the glimpse cell', () => {
  it('keeps the weights of a fast-weights cell, with W_int at 0.05 · I', () => {
    const { weights } = glimpseCell({ inputSize: 49, units: 50 });
    expect(countWeights(weights)).toBe(7550); // 49 · 50 + 2 · 50² + 2 · 50
    const diagonal = Array.from({ length: 2500 }, (_, i) => (i % 51 === 0 ? 0.05 : 0));
    expectClose(weights.integrationKernel as Tensor, diagonal);
    expectClose(weights.recurrentKernel, diagonal);
  });

  it('reads A at each second look only, and finds there what was seen coarsely', () => {
    const cell = glimpseCell({ ...size, decayRate: 0.5, seed: 3 });
    const { attention, hidden, outputs } = cell.trace(images());
    expect(attention.shape).toEqual([BATCH, TIME, 1, TIME]);
    const [h0, h] = [hidden.arraySync(), outputs.arraySync()];
    const overlap = (b: number, reader: number, written: number): number =>
      (h[b]?.[written] ?? []).reduce((t, x, i) => t + x * (h0[b]?.[reader]?.[0]?.[i] as number), 0);
    const expected = Array.from({ length: BATCH }, (_, b) =>
      Array.from({ length: TIME }, (__, reader) => [
        Array.from({ length: TIME }, (___, written) => {
          const isRead = reader % 6 === 5 && written % 6 === 0 && written < reader;
          const writesSince = (reader - 5 - written) / 6;
          return isRead ? 0.5 * 0.5 ** writesSince * overlap(b, reader, written) : 0;
        }),
      ]),
    );
    expectClose(attention, expected);
  });

  it('begins again with the next image: the roles repeat', () => {
    const cell = glimpseCell({ ...size, roles: region, seed: 2 });
    const four = glimpseCell({ ...size, seed: 2 });
    const inputs = images();
    expectClose(unroll(cell, inputs)[0], unroll(four, inputs)[0], { relative: 1e-6 });
  });

  it('says in its state which role comes next', () => {
    const cell = glimpseCell(size);
    const [, state] = unroll(cell, images(8));
    expect(state.step).toBe(8);
    const [, next] = cell.step(cell.drive(zeros([BATCH, INPUTS])), state);
    expect(next.step).toBe(9);
    const [, last] = unroll(cell, images(15), next);
    expect(last.step).toBe(0);
    const rest = cell.trace(images(4), { state: next });
    expect(rest.attention.shape).toEqual([BATCH, 4, 1, 6]);
  });

  it('without a second look does not see those glimpses at all', () => {
    const cell = glimpseCell({ ...size, secondLook: false });
    const without = glimpseCell({
      ...size,
      secondLook: false,
      roles: glimpseRoles.filter((role) => role !== 'again'),
    });
    const inputs = images();
    const kept = glimpseRoles.flatMap((role, t) => (role === 'again' ? [] : [t]));
    const shorter = tensor(
      (inputs.arraySync() as number[][][]).map((image) => kept.map((t) => image[t] as number[])),
    ) as Tensor3D;
    const last = (c: typeof cell, x: Tensor3D): Tensor2D => drivenLastOutput(c, driveAll(c, x));
    expectClose(last(cell, inputs), last(without, shorter), { relative: 1e-6 });
    const repeated = unroll(cell, inputs)[0];
    expectClose(stepOf(repeated, 5), stepOf(repeated, 4), { relative: 1e-7 });
  });

  it('is not touched by what its caller does to the roles afterwards', () => {
    const roles = [...region];
    const cell = glimpseCell({ ...size, roles });
    roles.length = 0;
    expect(cell.roles).toEqual(region);
    expect(unroll(cell, images(6))[0].shape).toEqual([BATCH, 6, UNITS]);
  });
});

describe('glimpseCell refuses', () => {
  const cell = glimpseCell(size);
  const drive = (time: number): Tensor3D => zeros([BATCH, time, UNITS]);
  it.each([
    [
      'an unknown option',
      () => glimpseCell({ ...size, wype: false } as never),
      OptionError,
      /^options of glimpseCell .*wipe.*"wype"/,
    ],
    [
      'integration in words',
      () => glimpseCell({ ...size, integration: 'recurrent' as never }),
      OptionError,
      /^integration .*true, false.*"recurrent"/,
    ],
    [
      'what a fast-weights cell refuses',
      () => glimpseCell({ ...size, units: 0 }),
      OptionError,
      /^units/,
    ],
    [
      'an answer before the last glimpse',
      () => cell.lastOutput(drive(20)),
      ShapeError,
      /^drive .*the last of the 24 roles.* 20 of them/,
    ],
    ['an answer after it', () => cell.lastOutput(drive(25)), ShapeError, /after 1 of them/],
    [
      'a sequence that is none',
      () => cell.scan(zeros([BATCH, UNITS]) as never, cell.initialState(BATCH)),
      ShapeError,
      /^drive/,
    ],
    [
      'a state that does not know its step',
      () => cell.outputs(drive(24), { h: zeros([BATCH, UNITS]) } as never),
      OptionError,
      /^state\.step/,
    ],
    [
      'a trace of something else',
      () => cell.trace(slice(drive(24), [0, 0, 0], [1, 1, 2])),
      ShapeError,
      /^inputs/,
    ],
  ] as [string, () => unknown, typeof OptionError | typeof ShapeError, RegExp][])(
    '%s',
    (_, call, kind, message) => {
      expect(call).toThrow(kind);
      expect(call).toThrow(message);
    },
  );
});
