import { UsageError } from '../usage-error.ts';
import type { GameOptions } from './seat.ts';
import type { Learned } from './stored-player.ts';

/** What a command line says of the game. */
export interface Wishes {
  readonly size?: number;
  readonly visible?: number;
  readonly seed?: number;
}

/** The smaller one of the paper. */
const DEFAULTS = { size: 16, visibleFrames: 3 };

const SEEDS = 1_000_000;

/**
 * The game that is asked for.
 *
 * @param learned by the agent that is to play along; it knows screens of one size
 * @throws UsageError
 */
export function wishedGame(wishes: Wishes, learned?: Learned): GameOptions {
  const { size = learned?.size ?? DEFAULTS.size, seed = Date.now() % SEEDS } = wishes;
  if (learned && size !== learned.size) {
    throw new UsageError(
      `--size must be ${learned.size}, the screen that the agent has learned on, but it is ${size}. Leave it out.`,
    );
  }
  const visibleFrames = wishes.visible ?? Math.min(size, (learned ?? DEFAULTS).visibleFrames);
  if (visibleFrames > size) {
    throw new UsageError(
      `--visible must be at most the size, ${size}, but it is ${visibleFrames}.`,
    );
  }
  return { size, visibleFrames, seed };
}
