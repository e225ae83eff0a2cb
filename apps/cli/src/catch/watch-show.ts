import type { CatchWorld } from '@fastweights/datasets';
import { likeliest, type PlayingAgent, type Thought } from './playing-agent.ts';
import { type GameOptions, type Score, takeSeat } from './seat.ts';

/** A moment of an agent's game. */
export interface Shot {
  /** From 1. */
  readonly episode: number;
  /** The frames of the episode so far. */
  readonly worlds: readonly CatchWorld[];
  readonly score: Score;
  /** Nobody acts on the last frame; what is thought and done there is that of the one before. */
  readonly isEnd: boolean;
  readonly thought: Thought;
  readonly action: number;
}

/** An agent's game, frame by frame. */
export interface Show {
  next(): Promise<Shot>;
  /** The next frame is the first of all. */
  restart(): void;
}

export function showOf(agent: PlayingAgent, game: GameOptions): Show {
  const seat = takeSeat(game);
  let last: Shot | undefined;

  async function frame(): Promise<Shot> {
    const thought = await agent.act(seat.screen());
    const score = seat.score();
    return {
      ...{ episode: score.episodes + 1, worlds: seat.worlds(), score, isEnd: false },
      ...{ thought, action: likeliest(thought) },
    };
  }
  agent.reset();
  return {
    async next() {
      if (last?.isEnd) {
        seat.begin();
        agent.reset();
        last = await frame();
      } else if (last) {
        seat.move(last.action);
        const end = { ...last, worlds: seat.worlds(), score: seat.score(), isEnd: true };
        last = seat.isOver() ? end : await frame();
      } else {
        last = await frame();
      }
      return last;
    },
    restart() {
      seat.restart();
      agent.reset();
      last = undefined;
    },
  };
}
