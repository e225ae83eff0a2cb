import { useBackend } from '@fastweights/backends';
import { printable } from '../printable.ts';
import { readStoredAgent, restoreStoredAgent } from '../stored-model.ts';
import { type PlayingAgent, playingAgent } from './playing-agent.ts';
import type { GameOptions } from './seat.ts';

export type Learned = Pick<GameOptions, 'size' | 'visibleFrames'>;

export interface StoredPlayer {
  readonly agent: PlayingAgent;
  /** The game that it has learned. */
  readonly game: Learned;
}

/** The agent of a run or an exported file, ready to play. @throws FastWeightsError with what helps */
export async function storedPlayer(place: string): Promise<StoredPlayer> {
  const stored = await readStoredAgent(place);
  if (!stored.isFinished) {
    console.error(`note: ${printable(place)} is not finished; its weights so far play.`);
  }
  // One frame at a time is too little work for anything else.
  await useBackend({ prefer: 'wasm' });
  const { config, agent } = restoreStoredAgent(stored);
  const { kind, units } = config.model;
  const { size, visibleFrames } = config.data;
  return {
    agent: playingAgent(`${units} ${kind} units`, agent),
    game: { size, visibleFrames },
  };
}
