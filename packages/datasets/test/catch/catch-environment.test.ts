import { type Observation, OptionError, ShapeError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import {
  type CatchEnvironment,
  type CatchOptions,
  type CatchSnapshot,
  catchActions,
  catchEnvironment,
} from '../../src/index.ts';
import { oracleEpisode } from './oracle.ts';
import { blindPolicy, type Policy, perfectMemoryPolicy } from './policies.ts';

type Action = keyof typeof catchActions;
const ACTIONS: readonly Action[] = ['stay', 'left', 'right'];

/** Every sequence of so many actions. */
function sequences(length: number): Action[][] {
  if (length === 0) return [[]];
  return sequences(length - 1).flatMap((rest) => ACTIONS.map((action) => [...rest, action]));
}

const starts = (environment: CatchEnvironment): [ball: number, paddle: number][] =>
  Array.from({ length: environment.batchSize }, (_, i) => {
    const { ball, paddle } = environment.world(i);
    return [ball, paddle];
  });

const screens = ({ observations }: Observation, size: number): string[] =>
  Array.from({ length: observations.length / size ** 2 }, (_, i) =>
    observations.subarray(i * size ** 2, (i + 1) * size ** 2).join(''),
  );

const all = (environment: CatchEnvironment, action: Action): Int32Array =>
  new Int32Array(environment.batchSize).fill(catchActions[action]);

/** The mean reward of so many episodes of each world. */
function play(environment: CatchEnvironment, policy: Policy, episodes: number): number {
  const { size, batchSize } = environment;
  let { observations } = environment.reset();
  let sum = 0;
  for (let move = 0; move < episodes * (size - 1); move++) {
    const next = environment.step(policy(observations, move % (size - 1) === 0));
    observations = next.observations;
    for (const reward of next.rewards) sum += reward;
  }
  return sum / (episodes * batchSize);
}

describe('the rules of Catch', () => {
  const boards = [2, 3, 4, 5].flatMap((size) =>
    Array.from({ length: size }, (_, i) => [size, i + 1] as const),
  );

  it.each(boards)(
    'hold for N = %i, M = %i, from everywhere, whatever one does',
    (size, visibleFrames) => {
      const environment = catchEnvironment({ size, visibleFrames, batchSize: 200, seed: 5 });
      const from = starts(environment);
      expect(new Set(from.map(String)).size).toBe(size * (size - 1));
      for (const actions of sequences(size - 1)) {
        const expected = from.map((start) => oracleEpisode(size, visibleFrames, start, actions));
        let given = environment.reset();
        actions.forEach((action, t) => {
          expect(screens(given, size)).toEqual(expected.map(({ frames }) => frames[t]));
          expect(environment.world(7).paddle).toBe(expected[7]?.paddles[t]);
          given = environment.step(all(environment, action));
          const ends = t === size - 2;
          expect(new Set(given.ends)).toEqual(new Set([ends ? 1 : 0]));
          expect([...given.rewards]).toEqual(expected.map(({ reward }) => (ends ? reward : 0)));
        });
        expect(environment.finished(7)).toEqual({
          size,
          visibleFrames,
          frame: size,
          ball: from[7]?.[0],
          paddle: expected[7]?.paddles.at(-1),
        });
      }
    },
  );

  it('hold in the next episode too, which begins where the last one ends', () => {
    const environment = catchEnvironment({ size: 4, visibleFrames: 2, batchSize: 50, seed: 1 });
    const left: Action[] = ['left', 'left', 'left'];
    let from = starts(environment);
    let given = environment.reset();
    for (let episode = 0; episode < 3; episode++) {
      const expected = from.map((start) => oracleEpisode(4, 2, start, left));
      left.forEach((action, t) => {
        expect(environment.world(0).frame).toBe(t + 1);
        expect(screens(given, 4)).toEqual(expected.map(({ frames }) => frames[t]));
        given = environment.step(all(environment, action));
      });
      expect([...given.rewards]).toEqual(expected.map(({ reward }) => reward));
      expect(starts(environment)).not.toEqual(from);
      from = starts(environment);
    }
  });

  it('start ball and paddle anywhere, with equal chance and of each other independent', () => {
    const batchSize = 12_000;
    const counts = new Map<string, number>();
    for (const start of starts(catchEnvironment({ size: 4, visibleFrames: 1, batchSize }))) {
      counts.set(String(start), (counts.get(String(start)) ?? 0) + 1);
    }
    const deviation = Math.sqrt((batchSize * 11) / 12 / 12);
    expect(counts.size).toBe(12);
    for (const count of counts.values()) {
      expect(Math.abs(count - batchSize / 12)).toBeLessThan(4 * deviation);
    }
  });
});

describe('what a policy earns', () => {
  it.each([
    [16, 3],
    [24, 5],
  ])('is −1 + 4/N if it is blind: N = %i, M = %i', (size, visibleFrames) => {
    const batchSize = 256;
    const episodes = 80;
    const environment = catchEnvironment({ size, visibleFrames, batchSize, seed: 2 });
    const mean = play(environment, blindPolicy(batchSize, 3), episodes);
    const hits = 2 / size;
    const deviation = 2 * Math.sqrt((hits * (1 - hits)) / (batchSize * episodes));
    expect(Math.abs(mean - (-1 + 4 / size))).toBeLessThan(4 * deviation);
  });

  it.each([
    [2, 1],
    [3, 1],
    [16, 1],
    [16, 3],
    [24, 5],
    [24, 24],
  ])('is always 1 with a perfect memory: N = %i, M = %i', (size, visibleFrames) => {
    const environment = catchEnvironment({ size, visibleFrames, batchSize: 256, seed: 2 });
    const worlds = starts(environment);
    // The longest way, N − 2 moves in either direction, is among them on small boards, and on large ones close to it.
    const longest = Math.max(...worlds.map(([ball, paddle]) => Math.abs(ball - paddle - 0.5)));
    expect(longest).toBeGreaterThan(size - 3);
    expect(play(environment, perfectMemoryPolicy(256, size), 20)).toBe(1);
  });
});

describe('a seed', () => {
  const options: CatchOptions = { size: 6, visibleFrames: 2, batchSize: 8, seed: 4 };

  /** All that is given out in a while. */
  function history(environment: CatchEnvironment, given: Observation, moves = 23): unknown[] {
    const policy = blindPolicy(environment.batchSize, 9);
    const copy = ({ observations, rewards, ends }: Observation): unknown => [
      [...observations],
      [...rewards],
      [...ends],
    ];
    return [
      copy(given),
      ...Array.from({ length: moves }, () =>
        copy(environment.step(policy(given.observations, false))),
      ),
    ];
  }

  it('repeats a run, in the same environment and in another', () => {
    const environment = catchEnvironment(options);
    const first = history(environment, environment.reset());
    expect(history(environment, environment.reset())).toEqual(first);
    const other = catchEnvironment({ ...options, seed: 5 });
    expect(history(other, other.reset())).not.toEqual(first);
    expect(history(other, other.reset(4))).toEqual(first);
  });

  it('is pinned: other worlds would be another experiment', () => {
    const environment = catchEnvironment({ size: 16, visibleFrames: 3, batchSize: 5, seed: 1 });
    expect(starts(environment)).toMatchInlineSnapshot(`
      [
        [
          7,
          13,
        ],
        [
          11,
          8,
        ],
        [
          2,
          6,
        ],
        [
          5,
          1,
        ],
        [
          1,
          6,
        ],
      ]
    `);
  });

  it('gives a world whatever stands behind it, and whatever was played', () => {
    const few = catchEnvironment({ ...options, batchSize: 3 });
    const many = catchEnvironment(options);
    for (let move = 0; move < 5; move++) {
      few.step(all(few, 'left'));
      many.step(all(many, 'right'));
    }
    expect(many.world(0).frame).toBe(1);
    expect(starts(few)).toEqual(starts(many).slice(0, 3));
    expect(new Set(starts(many).map(String)).size).toBeGreaterThan(3);
  });

  it.each([0, 3, 5, 7, 10])('goes on from a snapshot after %i moves', (moves) => {
    const environment = catchEnvironment(options);
    history(environment, environment.reset(11), moves);
    const saved: CatchSnapshot = JSON.parse(JSON.stringify(environment.snapshot()));
    const policy = blindPolicy(8, 1);
    const last = moves === 0 ? environment.reset(11) : undefined;
    const other = catchEnvironment({ ...options, seed: 99 });
    other.step(all(other, 'left'));
    const given = other.restore(saved);
    expect(other.snapshot()).toEqual(saved);
    for (let i = 0; i < 8; i++) {
      expect(other.world(i)).toEqual(environment.world(i));
      expect(other.finished(i)).toEqual(environment.finished(i));
    }
    if (last) expect(given).toEqual(last);
    for (let move = 0; move < 12; move++) {
      const actions = policy(given.observations, false);
      expect(other.step(actions)).toEqual(environment.step(actions));
    }
  });

  it('is restored together with what the last step gave', () => {
    const environment = catchEnvironment(options);
    for (let move = 1; move <= 7; move++) {
      const given = environment.step(all(environment, 'right'));
      expect(catchEnvironment(options).restore(environment.snapshot())).toEqual(given);
    }
  });
});

describe('an environment of Catch', () => {
  it('has the sizes of the contract, and writes into the same arrays', () => {
    const environment = catchEnvironment({ size: 5, visibleFrames: 2 });
    expect(environment).toMatchObject({ batchSize: 1, observationSize: 25, actions: 3 });
    const first = environment.reset();
    const next = environment.step(Int32Array.of(0));
    expect(next.observations).toBe(first.observations);
    expect(next.observations).toBeInstanceOf(Float32Array);
  });

  it('has no finished world before an episode has ended', () => {
    expect(catchEnvironment({ size: 5, visibleFrames: 2 }).finished(0)).toBeUndefined();
  });

  it.each([
    [{ size: 1 }, /^size/],
    [{ size: 4.5 }, /^size/],
    [{ visibleFrames: 0 }, /^visibleFrames/],
    [{ visibleFrames: 6 }, /^visibleFrames must be a number from 1 to 5/],
    [{ batchSize: 0 }, /^batchSize/],
    [{ seed: -1 }, /^seed/],
    [{ paddle: 3 } as never, /"paddle"/],
  ])('refuses %j', (change, message) => {
    const options = { size: 5, visibleFrames: 2, ...change };
    expect(() => catchEnvironment(options)).toThrow(OptionError);
    expect(() => catchEnvironment(options)).toThrow(message);
  });

  it('refuses actions that are none, and moves nothing', () => {
    const environment = catchEnvironment({ size: 5, visibleFrames: 2, batchSize: 3 });
    const before = environment.snapshot();
    for (const actions of [[1, 2], [1, 2, 0, 0], []]) {
      expect(() => environment.step(Int32Array.from(actions))).toThrow(ShapeError);
    }
    expect(() => environment.step(undefined as never)).toThrow(/^actions must be an Int32Array/);
    for (const wrong of [-1, 3]) {
      expect(() => environment.step(Int32Array.of(1, 2, wrong))).toThrow(OptionError);
      expect(() => environment.step(Int32Array.of(1, 2, wrong))).toThrow(/^actions\[2\]/);
    }
    expect(environment.snapshot()).toEqual(before);
  });

  it('refuses worlds that it does not have, and seeds that are none', () => {
    const environment = catchEnvironment({ size: 5, visibleFrames: 2, batchSize: 3 });
    for (const index of [-1, 3, 0.5]) {
      expect(() => environment.world(index)).toThrow(OptionError);
      expect(() => environment.finished(index)).toThrow(/^the index of a world/);
    }
    expect(() => environment.reset(-2)).toThrow(/^seed/);
  });

  it.each([
    [{ size: 6 }, /^snapshot\.size must be 5/],
    [{ visibleFrames: 1 }, /^snapshot\.visibleFrames must be 2/],
    [{ seed: 0.5 }, /^snapshot\.seed/],
    [{ episode: -1 }, /^snapshot\.episode/],
    [{ frame: 0 }, /^snapshot\.frame/],
    [{ frame: 5 }, /^snapshot\.frame must be at most 4/],
    [{ paddles: [0, 1] }, /^snapshot\.paddles must be 3 columns from 0 to 3/],
    [{ paddles: [0, 1, 4] }, /^snapshot\.paddles/],
    [{ finishedPaddles: [0] }, /^snapshot\.finishedPaddles must be 0 columns/],
    [{ balls: [] } as never, /"balls"/],
  ])('refuses the snapshot of another, %j, and stays as it was', (change, message) => {
    const environment = catchEnvironment({ size: 5, visibleFrames: 2, batchSize: 3 });
    const before = environment.snapshot();
    const other = { ...before, ...change };
    expect(() => environment.restore(other)).toThrow(OptionError);
    expect(() => environment.restore(other)).toThrow(message);
    expect(environment.snapshot()).toEqual(before);
  });
});
