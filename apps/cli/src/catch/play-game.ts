import { catchActions } from '@fastweights/datasets';
import type { Key } from '../terminal/keys.ts';
import { type Direction, pendingMoves } from './moves.ts';
import { faster, slower } from './pace.ts';
import type { Performance } from './perform.ts';
import { noRoom, type PlayState, playFrame } from './play-frame.ts';
import { likeliest, type PlayingAgent } from './playing-agent.ts';
import { type GameOptions, takeSeat } from './seat.ts';

export interface PlayOptions {
  readonly game: GameOptions;
  /** Frames a second; 0 for one with each key. */
  readonly pace: number;
  /** Plays the same balls. */
  readonly against?: PlayingAgent | undefined;
}

/** A game of one person. */
export interface PlayGame extends Performance {
  state(): PlayState;
}

/** How long the end of an episode is shown, in ms. */
const LOOK_MS = 2500;

const DIRECTIONS: Readonly<Record<Key, Direction>> = {
  ...{ left: 'left', h: 'left', a: 'left' },
  ...{ right: 'right', l: 'right', d: 'right' },
};
const STOPS: readonly Key[] = ['down', 's', 'j'];
const FASTER: readonly Key[] = ['+', '='];
const SLOWER: readonly Key[] = ['-', '_'];

export function playGame({ game, against, ...options }: PlayOptions): PlayGame {
  const person = takeSeat(game);
  const agent = against && { name: against.name, seat: takeSeat(game) };
  const seats = [person, ...(agent ? [agent.seat] : [])];
  const moves = pendingMoves();
  let { pace } = options;
  let phase: PlayState['phase'] = 'waiting';

  function begin(how: 'begin' | 'restart'): void {
    for (const seat of seats) seat[how]();
    against?.reset();
    moves.clear();
    phase = how === 'begin' ? 'playing' : 'waiting';
  }
  async function advance(action: number): Promise<void> {
    if (agent && against) agent.seat.move(likeliest(await against.act(agent.seat.screen())));
    person.move(action);
    if (person.isOver()) phase = 'over';
  }
  /** While nothing moves. */
  function answer(key: Key): void {
    if (key !== 'space' && key !== 'enter') return;
    if (phase === 'over') begin('begin');
    else phase = 'playing';
  }
  function changePace(next: number): void {
    pace = next;
    moves.clear();
  }
  /** With no clock, a key is a frame. */
  async function takeTurn(key: Key): Promise<void> {
    const direction = DIRECTIONS[key];
    if (direction) await advance(catchActions[direction]);
    else if (STOPS.includes(key) || key === 'space') await advance(catchActions.stay);
  }

  const state = (): PlayState => ({
    players: [
      { name: 'you', worlds: person.worlds(), score: person.score() },
      ...(agent
        ? [{ name: agent.name, worlds: agent.seat.worlds(), score: agent.seat.score() }]
        : []),
    ],
    ...{ phase, pace, moves: moves.left() },
  });

  against?.reset();
  return {
    state,
    draw(room) {
      const lines = playFrame(state(), room);
      return { lines: lines ?? noRoom(state(), room), hasRoom: lines !== undefined };
    },
    stay() {
      if (pace === 0 || phase === 'waiting' || phase === 'paused') return undefined;
      return phase === 'over' ? LOOK_MS : 1000 / pace;
    },
    goOn: async () => (phase === 'over' ? begin('begin') : advance(moves.take())),
    pause() {
      if (phase === 'playing' && pace > 0) phase = 'paused';
    },
    async press(key, now) {
      const before = phase;
      const direction = DIRECTIONS[key];
      if (FASTER.includes(key)) changePace(faster(pace));
      else if (SLOWER.includes(key)) changePace(slower(pace, 0));
      else if (key === 'r') begin('restart');
      else if (phase !== 'playing') answer(key);
      else if (pace === 0) await takeTurn(key);
      else if (direction) moves.press(direction, now);
      else if (STOPS.includes(key)) moves.clear();
      else if (key === 'space') phase = 'paused';
      return phase !== before;
    },
  };
}
