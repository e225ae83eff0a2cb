import {
  integer,
  type Observation,
  type ResumableEnvironment,
  random,
  splitSeed,
} from '@fastweights/core';

/** Where one world stands. */
interface World {
  readonly seed: number;
  readonly episode: number;
  readonly frame: number;
}

interface Rules {
  readonly batchSize: number;
  readonly observationSize: number;
  readonly actions: number;
  /** Frames of a world's episodes. */
  frames(world: number): number;
  /** What there is to be seen in a frame of an episode, drawn from a seed. */
  show(seed: number, frame: number, isLast: boolean): readonly number[];
  /** What an action in that frame gives. */
  reward(seed: number, action: number, isLast: boolean): number;
}

/** Worlds that each have episodes of their own length. */
function smallWorlds(rules: Rules): ResumableEnvironment {
  const { batchSize, observationSize, actions } = rules;
  let worlds: World[] = [];
  const seedOf = ({ seed, episode }: World): number => splitSeed(seed, `episode ${episode}`);
  const isLast = (frame: number, i: number): boolean => frame === rules.frames(i) - 1;

  const see = (rewards: readonly number[], ends: readonly boolean[]): Observation => ({
    observations: Float32Array.from(
      worlds.flatMap((w, i) => [...rules.show(seedOf(w), w.frame, isLast(w.frame, i))]),
    ),
    rewards: Float32Array.from(rewards),
    ends: Uint8Array.from(ends, Number),
  });
  const none = (): Observation =>
    see(new Array(batchSize).fill(0), new Array(batchSize).fill(false));

  const environment: ResumableEnvironment = {
    batchSize,
    observationSize,
    actions,
    reset(seed) {
      worlds = Array.from({ length: batchSize }, (_, i) => ({
        seed: splitSeed(seed, `world ${i}`),
        episode: 0,
        frame: 0,
      }));
      return none();
    },
    step(taken) {
      const ends = worlds.map(({ frame }, i) => isLast(frame, i));
      const rewards = worlds.map((w, i) =>
        rules.reward(seedOf(w), taken[i] as number, ends[i] as boolean),
      );
      worlds = worlds.map(({ seed, episode, frame }, i) =>
        ends[i] ? { seed, episode: episode + 1, frame: 0 } : { seed, episode, frame: frame + 1 },
      );
      return see(rewards, ends);
    },
    snapshot: () => worlds,
    restore(snapshot: World[]) {
      worlds = snapshot;
      return none();
    },
  };
  return environment;
}

/** One frame, and arms that pay by chance: the last one best, at 0.9. */
export const bandit = (batchSize: number): ResumableEnvironment =>
  smallWorlds({
    batchSize,
    observationSize: 1,
    actions: 3,
    frames: () => 1,
    show: () => [1],
    reward: (seed, action) =>
      Number(integer(random(splitSeed(seed, 'luck')), 10) < ([2, 5, 9][action] as number)),
  });

/** A cue in the first frame; in the last one the action of its number is asked for: 1 if it comes, −1 if another does. */
export const cue = (batchSize: number, frames: (world: number) => number): ResumableEnvironment => {
  const side = (seed: number): number => integer(random(splitSeed(seed, 'cue')), 2);
  return smallWorlds({
    batchSize,
    observationSize: 3,
    actions: 2,
    frames,
    show: (seed, frame, isLast) => [
      Number(frame === 0 && side(seed) === 0),
      Number(frame === 0 && side(seed) === 1),
      Number(isLast),
    ],
    reward: (seed, action, isLast) => (isLast ? (action === side(seed) ? 1 : -1) : 0),
  });
};
