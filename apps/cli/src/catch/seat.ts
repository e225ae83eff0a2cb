import { type CatchEnvironment, type CatchWorld, catchEnvironment } from '@fastweights/datasets';

export interface Score {
  /** Episodes that have ended. */
  readonly episodes: number;
  readonly caught: number;
  /** Balls caught one after the other, up to now. */
  readonly streak: number;
  readonly best: number;
}

const NO_SCORE: Score = { episodes: 0, caught: 0, streak: 0, best: 0 };

/** The reward of all episodes together: 1 for each ball that was caught, −1 for each that was not. */
export const rewardOf = ({ episodes, caught }: Score): number => 2 * caught - episodes;

/** One player's game, episode after episode; after the last frame of one, it waits for `begin`. */
export interface Seat {
  /** The frames of the episode so far; the last is the present. */
  worlds(): readonly CatchWorld[];
  score(): Score;
  isOver(): boolean;
  /** What the player is shown; written over by the next move. */
  screen(): Float32Array;
  move(action: number): void;
  /** The next episode. */
  begin(): void;
  /** The first episode, with nothing scored. */
  restart(): void;
}

export interface GameOptions {
  readonly size: number;
  readonly visibleFrames: number;
  readonly seed: number;
}

/** Seats of the same options have the same balls, and paddles that start in the same places. */
export function takeSeat(options: GameOptions): Seat {
  const environment: CatchEnvironment = catchEnvironment(options);
  let screen = environment.reset().observations;
  let worlds = [environment.world(0)];
  let score = NO_SCORE;
  let isOver = false;
  const begin = (): void => {
    worlds = [environment.world(0)];
    isOver = false;
  };
  return {
    worlds: () => worlds,
    score: () => score,
    isOver: () => isOver,
    screen: () => screen,
    begin,
    move(action) {
      const { observations, rewards, ends } = environment.step(Int32Array.of(action));
      screen = observations;
      isOver = ends[0] === 1;
      if (isOver) score = scored(score, rewards[0] === 1);
      const now = (isOver && environment.finished(0)) || environment.world(0);
      worlds = [...worlds, now];
    },
    restart() {
      screen = environment.reset().observations;
      score = NO_SCORE;
      begin();
    },
  };
}

function scored({ episodes, caught, streak, best }: Score, isCaught: boolean): Score {
  const now = isCaught ? streak + 1 : 0;
  return {
    episodes: episodes + 1,
    caught: caught + Number(isCaught),
    streak: now,
    best: Math.max(best, now),
  };
}

/** How far the paddle is from the ball's column; 0 is under it. */
export function missedBy({ ball, paddle }: CatchWorld): number {
  return ball < paddle ? paddle - ball : Math.max(0, ball - paddle - 1);
}
