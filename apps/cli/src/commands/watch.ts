import { perform } from '../catch/perform.ts';
import { type StoredPlayer, storedPlayer } from '../catch/stored-player.ts';
import { watchGame } from '../catch/watch-game.ts';
import { jsonOf, plainLines } from '../catch/watch-lines.ts';
import { showOf } from '../catch/watch-show.ts';
import { exitCodes, leavingCode } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import { printable, printableJson } from '../printable.ts';
import { printLines } from '../terminal/print-lines.ts';
import { openStage } from '../terminal/stage.ts';
import { canDraw } from '../training/training-display.ts';

export interface WatchCommandOptions {
  readonly reveal?: boolean;
  readonly speed: number;
  readonly seed: number;
  readonly episodes: number;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** An agent plays: on the whole terminal, or frame by frame as text or JSON. */
export async function watchCommand(place: string, options: WatchCommandOptions): Promise<number> {
  const player = await storedPlayer(place);
  const { plain = false, json = false } = options;
  const isLive = !plain && !json && process.stdin.isTTY && canDraw(process.stdout);
  try {
    return await (isLive ? watchLive(player, place, options) : printFrames(player, options));
  } finally {
    player.agent.dispose();
  }
}

async function watchLive(
  { agent, game }: StoredPlayer,
  place: string,
  { reveal: reveals = false, speed: pace, seed }: WatchCommandOptions,
): Promise<number> {
  const show = showOf(agent, { ...game, seed });
  const { name } = agent;
  const watched = await watchGame({ show, place: printable(place), name, pace, reveals });
  const interruption = listenForSignals();
  try {
    const stage = openStage({ input: process.stdin, output: process.stdout }, interruption.signal);
    try {
      return leavingCode(await perform(stage, watched), interruption);
    } finally {
      stage.close();
    }
  } finally {
    interruption.dispose();
  }
}

async function printFrames(
  { agent, game }: StoredPlayer,
  { reveal: reveals = false, seed, episodes, json = false }: WatchCommandOptions,
): Promise<number> {
  const show = showOf(agent, { ...game, seed });
  for (let ended = 0; ended < episodes; ) {
    const shot = await show.next();
    if (json) console.log(printableJson(jsonOf(shot)));
    else printLines([...plainLines(shot, reveals), []]);
    ended = shot.score.episodes;
  }
  return exitCodes.done;
}
