import type { CatchWorld } from '@fastweights/datasets';
import { beside } from '../terminal/beside.ts';
import { joinFitting, type Line, type Span } from '../terminal/line.ts';
import type { Room } from '../terminal/stage.ts';
import { wrap } from '../terminal/wrap.ts';
import { boardLines, boardRoom, type Scale } from './board.ts';
import {
  frameSpans,
  GAP,
  keyLine,
  layoutFor,
  padded,
  page,
  tooSmall,
  type Wanted,
} from './layout.ts';
import { paceText } from './pace.ts';
import { missedBy, type Score } from './seat.ts';

interface PlayerState {
  readonly name: string;
  /** The frames of the episode so far. */
  readonly worlds: readonly CatchWorld[];
  readonly score: Score;
}

export interface PlayState {
  /** The person, then the agent, if there is one. */
  readonly players: readonly PlayerState[];
  readonly phase: 'waiting' | 'playing' | 'paused' | 'over';
  /** Frames a second; 0 for one with each key. */
  readonly pace: number;
  /** Moves that are still to be made: to the left below zero. */
  readonly moves: number;
}

const LABEL = 9;
const PANEL: Room = { columns: 30, rows: 15 };

/** The picture of a game; undefined where the window has no room for a board. */
export function playFrame(state: PlayState, room: Room): Line[] | undefined {
  const { players } = state;
  const both = layoutFor(wantedFor(state, players.length), room);
  const layout = both ?? layoutFor(wantedFor(state, 1), room);
  if (!layout) return undefined;
  const { size, visibleFrames } = nowOf(state);
  const boards = (both ? players : players.slice(0, 1)).map((player) => [
    ...(players.length > 1 ? [captionOf(player, boardRoom(size, layout.scale).columns)] : []),
    ...boardOf(player, state, layout.scale),
  ]);
  const title: Line = [
    ['strong', 'Catch'],
    ['faint', `   ${size} × ${size}, blank after frame ${visibleFrames}`],
  ];
  const picture =
    layout.panel > 0
      ? beside([...boards, padded(panelLines(state, layout.panel), PANEL)], GAP)
      : [...beside(boards, GAP), ...beneathLines(state, room.columns)];
  return page(title, picture, keyLine(keysOf(state), room.columns), room);
}

/** What stands there instead. */
export const noRoom = (state: PlayState, room: Room): Line[] => tooSmall(wantedFor(state, 1), room);

const nowOf = ({ players }: PlayState): CatchWorld => players[0]?.worlds.at(-1) as CatchWorld;

function wantedFor(state: PlayState, boards: number): Wanted {
  const isRace = state.players.length > 1;
  return {
    size: nowOf(state).size,
    boards,
    around: { beside: isRace ? 3 : 2, beneath: isRace ? 5 : 4 },
    panel: PANEL,
    order: [
      ['large', 'beside'],
      ['large', 'beneath'],
      ['small', 'beside'],
      ['small', 'beneath'],
    ],
  };
}

function boardOf({ worlds }: PlayerState, { phase }: PlayState, scale: Scale): Line[] {
  return boardLines({ worlds, scale, view: phase === 'over' ? 'cleared' : 'seen' });
}

/** `you          3 of 4` above a board. */
function captionOf({ name, score }: PlayerState, columns: number): Line {
  const text = scoreText(score);
  const room = columns - text.length - 3;
  const shown = name.length <= room ? name : `${name.slice(0, Math.max(room - 1, 0))}…`;
  return [' ', ['strong', shown.padEnd(room)], ` ${text} `];
}

const scoreText = ({ caught, episodes }: Score): string => `${caught} of ${episodes}`;

const label = (text: string): Span => ['faint', text.padEnd(LABEL)];

function panelLines(state: PlayState, columns: number): Line[] {
  const [person, agent] = state.players as [PlayerState, PlayerState?];
  const { streak, best } = person.score;
  const hint = wrap(hintFor(state), columns).map((line): Line => [['faint', line]]);
  return [
    ...(agent ? [[]] : []),
    [],
    [label('caught'), ['strong', scoreText(person.score)]],
    ...(agent ? [[label('agent'), scoreText(agent.score)] as Line] : []),
    [label('streak'), `${streak}`, ['faint', best > 0 ? `   best ${best}` : '']],
    [],
    [label('frame'), ...frameSpans(nowOf(state))],
    [label('moves'), ...moveSpans(state)],
    [label('pace'), ['faint', paceText(state.pace)]],
    [],
    ...verdictLines(state),
    ...hint,
  ];
}

function beneathLines(state: PlayState, columns: number): Line[] {
  const [person, agent] = state.players as [PlayerState, PlayerState?];
  const { streak, best } = person.score;
  const parts: Line[] = [
    ...verdictLines(state),
    [['faint', 'frame '], ...frameSpans(nowOf(state))],
    ...(agent
      ? []
      : [
          [
            ['faint', 'caught '],
            ['strong', scoreText(person.score)],
          ] as Line,
        ]),
    [['faint', 'streak '], `${streak}`, ['faint', best > 0 ? `, best ${best}` : '']],
    [['faint', paceText(state.pace)]],
  ];
  const [hint = ''] = [hintFor(state), shortHintFor(state)].filter(
    ({ length }) => length <= columns,
  );
  const moves = state.phase === 'playing' && state.moves !== 0;
  return [
    joinFitting(parts, '   ', columns),
    moves ? [['faint', 'moves '], ...moveSpans(state)] : [['faint', hint]],
  ];
}

const MOST_ARROWS = 9;

function moveSpans({ moves }: PlayState): Line {
  const arrows = Array(Math.min(Math.abs(moves), MOST_ARROWS)).fill(moves < 0 ? '←' : '→');
  return moves === 0 ? [['faint', '·']] : [['read', arrows.join(' ')]];
}

/** What has come of it, of the person first. */
function verdictLines({ phase, players }: PlayState): Line[] {
  if (phase !== 'over') return phase === 'paused' ? [[['strong', 'Paused.']]] : [];
  const [own = 0, other] = players.map(({ worlds }) => missedBy(worlds.at(-1) as CatchWorld));
  const verdict: Span = own === 0 ? ['read', 'Caught!'] : ['written', `Missed by ${own}.`];
  if (other === undefined) return [[verdict]];
  return [[verdict], [other === 0 ? 'The agent caught it.' : `The agent missed by ${other}.`]];
}

function hintFor(state: PlayState): string {
  const { frame, visibleFrames } = nowOf(state);
  switch (state.phase) {
    case 'waiting':
      return `After frame ${visibleFrames} you see nothing, not even your paddle. Be under the ball in the last frame. Space begins.`;
    case 'paused':
      return 'Space goes on.';
    case 'over':
      return 'The dots show the ways of ball and paddle. Space: the next ball.';
    default:
      if (state.pace === 0) return '← and → move, ↓ stays where it is: a frame for each.';
      return frame <= visibleFrames ? 'Look where the ball is.' : '';
  }
}

function shortHintFor({ phase }: PlayState): string {
  return { waiting: 'Space begins.', paused: '', over: 'Space: the next ball.', playing: '' }[
    phase
  ];
}

const SPACE = {
  waiting: 'space begin',
  playing: 'space pause',
  paused: 'space go on',
  over: 'space next ball',
} as const;

const keysOf = ({ phase, pace }: PlayState): string[] => [
  '← → move',
  ...(pace === 0 ? ['↓ stay'] : ['↓ stop']),
  ...(pace === 0 && phase === 'playing' ? [] : [SPACE[phase]]),
  '+ − pace',
  'r restart',
  'q quit',
];
