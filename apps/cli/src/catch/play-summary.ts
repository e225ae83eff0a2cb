import { invocation } from '../invocation.ts';
import { shellQuoted } from '../shell-quoted.ts';
import type { Line } from '../terminal/line.ts';
import type { PlayState } from './play-frame.ts';
import type { GameOptions } from './seat.ts';

interface Played extends GameOptions {
  readonly against?: string | undefined;
}

/** What is left on the terminal of a game; nothing, if no ball has come down. */
export function playSummary({ players }: PlayState, game: Played): Line[] {
  const [person, agent] = players.map(({ score }) => score);
  if (!person || person.episodes === 0) return [];
  const { caught, episodes, best } = person;
  const streak = best > 1 ? `, ${best} of them in a row` : '';
  const rival = agent ? ` The agent caught ${agent.caught}.` : '';
  const { size, visibleFrames, seed, against } = game;
  const board = against === undefined ? ` --size ${size}` : ` --against ${shellQuoted(against)}`;
  const again = `${invocation()} play catch${board} --visible ${visibleFrames} --seed ${seed}`;
  return [
    [`You caught ${caught} of ${episodes}${streak}.${rival}`],
    [['faint', 'The same balls again:']],
    [['faint', `  ${again}`]],
  ];
}
