import { perform } from '../catch/perform.ts';
import { playGame } from '../catch/play-game.ts';
import { type Wishes, wishedGame } from '../catch/play-options.ts';
import { playSummary } from '../catch/play-summary.ts';
import type { StoredPlayer } from '../catch/stored-player.ts';
import { leavingCode } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import { printLines } from '../terminal/print-lines.ts';
import { openStage } from '../terminal/stage.ts';
import { canDraw } from '../training/training-display.ts';
import { UsageError } from '../usage-error.ts';

export interface PlayCommandOptions extends Wishes {
  readonly speed: number;
  readonly against?: string;
}

/** A person plays, on the whole terminal, until they have had enough. */
export async function playCommand(options: PlayCommandOptions): Promise<number> {
  const { against, speed: pace } = options;
  if (!process.stdin.isTTY || !canDraw(process.stdout)) {
    throw new UsageError(
      'A person plays in a terminal, which draws and hands over every key: call it in one, without a pipe and without CI or TERM=dumb. ' +
        'What can be read elsewhere is how an agent plays: watch <run> --plain.',
    );
  }
  const rival: StoredPlayer | undefined =
    against === undefined ? undefined : await rivalIn(against);
  const game = wishedGame(options, rival?.game);
  const interruption = listenForSignals();
  const played = playGame({ game, pace, against: rival?.agent });
  try {
    const stage = openStage({ input: process.stdin, output: process.stdout }, interruption.signal);
    try {
      const leaving = await perform(stage, played);
      stage.close();
      printLines(playSummary(played.state(), { ...game, against }));
      return leavingCode(leaving, interruption);
    } finally {
      stage.close();
    }
  } finally {
    interruption.dispose();
    rival?.agent.dispose();
  }
}

/** Without a rival there is no need for tfjs. */
async function rivalIn(place: string): Promise<StoredPlayer> {
  const { storedPlayer } = await import('../catch/stored-player.ts');
  return storedPlayer(place);
}
