import {
  checkInteger,
  checkKeys,
  checkRange,
  type Environment,
  integer,
  type Observation,
  random,
  splitSeed,
} from '@fastweights/core';
import { catchActions, checkActions, move } from './catch-actions.ts';
import { type CatchSnapshot, checkSnapshot } from './catch-snapshot.ts';
import { type CatchWorld, isUnder } from './catch-world.ts';

export interface CatchOptions {
  /** N: rows and columns of the screen, and frames of an episode; at least 2. The paper has 16 and 24. */
  readonly size: number;
  /** M: the frames that are seen, 1 to N. The paper has 3 for N = 16, 5 for N = 24. */
  readonly visibleFrames: number;
  /** Worlds that advance together. Default 1. */
  readonly batchSize?: number;
  /** What `reset` starts from when it is given no seed. Default 0. */
  readonly seed?: number;
}

export interface CatchEnvironment extends Environment {
  readonly size: number;
  readonly visibleFrames: number;
  /** Starts anew, at the first frame of the first episode of a seed: by default the one of the options. */
  reset(seed?: number): Observation;
  /** One action for each world, from `catchActions`. */
  step(actions: Int32Array): Observation;
  /** A world as it is now, seen or not. */
  world(index: number): CatchWorld;
  /** The last frame of the episode before, which `step` has already replaced; undefined during the first. */
  finished(index: number): CatchWorld | undefined;
  /** Plain data from which an environment of the same options goes on. */
  snapshot(): CatchSnapshot;
  /** Goes on from a snapshot; what comes back is what the last `reset` or `step` before it gave. */
  restore(snapshot: CatchSnapshot): Observation;
}

/** Where ball and paddle of each world are. */
type Columns = { readonly balls: Int32Array; readonly paddles: Int32Array };

/**
 * Partially observable Catch (Ba et al. 2016, section 4.4), on a binary screen of N × N pixels. The ball starts in a random
 * column of the first row and falls one row per frame; a paddle of two pixels lies in the bottom row. The reward comes at
 * the end: 1 if the paddle touches the ball, −1 if not. Where the paper is silent: the paddle starts anywhere with equal
 * chance and stops at the edges, and blank frames hide it too.
 *
 * Timing. Frame t (1 … N) has the ball in row t; frames M + 1 … N are blank. `reset` gives frame 1, and the k-th `step` of
 * an episode leads to frame k + 1, so there are N − 1 moves. The last of them leads to frame N, in which the ball is down:
 * `step` gives the reward, sets `ends`, and shows frame 1 of the next episode at once, since nobody acts on frame N (see
 * `finished`). Episodes are equally long, so all worlds end together.
 *
 * An episode's worlds are drawn one after the other from a stream of its own: a world does not depend on how many there
 * are behind it, nor on what was played before.
 *
 * **The arrays of an observation are reused**: the next `step` or `reset` writes over them. Who keeps one copies it; note
 * that a tensor made of an array may share it.
 *
 * @example
 * const environment = catchEnvironment({ size: 16, visibleFrames: 3, batchSize: 16, seed: 7 });
 * let { observations } = environment.reset();
 * const { rewards, ends } = environment.step(new Int32Array(16).fill(catchActions.left));
 */
export function catchEnvironment(options: CatchOptions): CatchEnvironment {
  checkKeys('catchEnvironment', options, ['size', 'visibleFrames', 'batchSize', 'seed']);
  const { size, visibleFrames, batchSize = 1, seed: firstSeed = 0 } = options;
  checkInteger('size', size, 2);
  checkInteger('visibleFrames', visibleFrames, 1);
  checkRange('visibleFrames', visibleFrames, 1, size);
  checkInteger('batchSize', batchSize, 1);
  checkInteger('seed', firstSeed, 0);

  const pixels = size * size;
  const now = columns(batchSize);
  const before = columns(batchSize);
  const observation: Observation = {
    observations: new Float32Array(batchSize * pixels),
    rewards: new Float32Array(batchSize),
    ends: new Uint8Array(batchSize),
  };
  let [seed, episode, frame] = [firstSeed, 0, 1];

  function deal({ balls, paddles }: Columns, episode: number): void {
    const stream = random(splitSeed(seed, `episode ${episode}`));
    for (let i = 0; i < batchSize; i++) {
      balls[i] = integer(stream, size);
      paddles[i] = integer(stream, size - 1);
    }
  }

  /** Sets the pixels of ball and paddle, if this frame is seen at all. */
  function paint(value: 0 | 1): void {
    if (frame > visibleFrames) return;
    const { observations } = observation;
    for (let i = 0; i < batchSize; i++) {
      const first = i * pixels;
      const paddle = first + pixels - size + (now.paddles[i] as number);
      observations[first + (frame - 1) * size + (now.balls[i] as number)] = value;
      observations[paddle] = value;
      observations[paddle + 1] = value;
    }
  }

  function show(hasEnded: boolean): Observation {
    const { rewards, ends } = observation;
    ends.fill(hasEnded ? 1 : 0);
    for (let i = 0; i < batchSize; i++) {
      rewards[i] = hasEnded ? reward(before.paddles[i] as number, before.balls[i] as number) : 0;
    }
    paint(1);
    return observation;
  }

  function reset(newSeed: number = firstSeed): Observation {
    checkInteger('seed', newSeed, 0);
    [seed, episode, frame] = [newSeed, 0, 1];
    deal(now, episode);
    observation.observations.fill(0);
    return show(false);
  }

  function step(actions: Int32Array): Observation {
    checkActions(actions, batchSize);
    paint(0);
    move(now.paddles, actions, size - 2);
    frame++;
    const hasEnded = frame === size;
    if (hasEnded) {
      before.balls.set(now.balls);
      before.paddles.set(now.paddles);
      episode++;
      frame = 1;
      deal(now, episode);
    }
    return show(hasEnded);
  }

  function restore(snapshot: CatchSnapshot): Observation {
    checkSnapshot(snapshot, { size, visibleFrames, batchSize });
    ({ seed, episode, frame } = snapshot);
    deal(now, episode);
    now.paddles.set(snapshot.paddles);
    if (episode > 0) {
      deal(before, episode - 1);
      before.paddles.set(snapshot.finishedPaddles);
    }
    observation.observations.fill(0);
    return show(episode > 0 && frame === 1);
  }

  function world(index: number, frame: number, { balls, paddles }: Columns): CatchWorld {
    checkInteger('the index of a world', index, 0);
    checkRange('the index of a world', index, 0, batchSize - 1);
    const [ball, paddle] = [balls[index] as number, paddles[index] as number];
    return { size, visibleFrames, frame, ball, paddle };
  }

  reset();
  return {
    size,
    visibleFrames,
    batchSize,
    observationSize: pixels,
    actions: Object.keys(catchActions).length,
    reset,
    step,
    world: (index) => world(index, frame, now),
    finished: (index) => {
      const last = world(index, size, before);
      return episode > 0 ? last : undefined;
    },
    snapshot: () => ({
      size,
      visibleFrames,
      seed,
      episode,
      frame,
      paddles: [...now.paddles],
      finishedPaddles: episode > 0 ? [...before.paddles] : [],
    }),
    restore,
  };
}

const columns = (batchSize: number): Columns => ({
  balls: new Int32Array(batchSize),
  paddles: new Int32Array(batchSize),
});

const reward = (paddle: number, ball: number): 1 | -1 => (isUnder(paddle, ball) ? 1 : -1);
