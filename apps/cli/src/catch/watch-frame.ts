import type { CatchWorld } from '@fastweights/datasets';
import { beside } from '../terminal/beside.ts';
import { joinFitting, type Line, type Span } from '../terminal/line.ts';
import type { Room } from '../terminal/stage.ts';
import { actionNames } from './actions.ts';
import { boardLines } from './board.ts';
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
import { recallChart } from './recall-chart.ts';
import { missedBy, rewardOf, type Score } from './seat.ts';
import { percent, recalledOf, recallText, signed } from './thought-words.ts';
import type { Shot } from './watch-show.ts';

export interface WatchState {
  /** Where the agent comes from, and what it is. */
  readonly place: string;
  readonly name: string;
  readonly shot: Shot;
  readonly isPaused: boolean;
  /** Whether ball and paddle are drawn in the fog. */
  readonly reveals: boolean;
  readonly pace: number;
}

const LABEL = 9;
const CHART = 3;
const MOST_BARS = 31;
const GAP_TEXT = '   ';
const PANEL: Room = { columns: 34, rows: 14 };

/** The picture of an agent that plays; undefined where the window has no room for a board. */
export function watchFrame(state: WatchState, room: Room): Line[] | undefined {
  const layout = layoutFor(wantedFor(state), room);
  if (!layout) return undefined;
  const { isEnd, worlds } = state.shot;
  const view = isEnd ? 'cleared' : state.reveals ? 'through' : 'seen';
  const board = boardLines({ worlds, scale: layout.scale, view });
  const picture =
    layout.panel > 0
      ? beside([board, padded(panelLines(state, layout.panel), PANEL)], GAP)
      : [...board, ...beneathLines(state, room.columns)];
  const keys = keyLine(keysOf(state), room.columns);
  return page(titleLine(state, room.columns), picture, keys, room);
}

/** What stands there instead. */
export const noRoomToWatch = (state: WatchState, room: Room): Line[] =>
  tooSmall(wantedFor(state), room);

const nowOf = ({ shot }: WatchState): CatchWorld => shot.worlds.at(-1) as CatchWorld;

const wantedFor = (state: WatchState): Wanted => ({
  size: nowOf(state).size,
  boards: 1,
  around: { beside: 2, beneath: 5 },
  panel: PANEL,
  order: [
    ['large', 'beside'],
    ['small', 'beside'],
    ['large', 'beneath'],
    ['small', 'beneath'],
  ],
});

function titleLine({ name, place }: WatchState, columns: number): Line {
  return joinFitting([[['strong', 'Catch']], [name], [['faint', place]]], '   ', columns);
}

const label = (text: string): Span => ['faint', text.padEnd(LABEL)];

function panelLines(state: WatchState, columns: number): Line[] {
  const { shot, pace, isPaused } = state;
  return [
    [],
    [label('frame'), ...frameSpans(nowOf(state)), ...verdictSpans(shot)],
    [label('reward'), ...rewardSpans(shot.score)],
    [label('pace'), ['faint', isPaused ? 'paused' : paceText(pace)]],
    [],
    ...policyLines(shot, columns),
    [label('value'), ...valueSpans(shot, columns - LABEL)],
    [],
    ...recallLines(state, columns),
  ];
}

function verdictSpans({ isEnd, worlds }: Shot): Line {
  if (!isEnd) return [];
  const missed = missedBy(worlds.at(-1) as CatchWorld);
  return ['   ', missed === 0 ? ['read', 'caught'] : ['written', `missed by ${missed}`]];
}

function rewardSpans(score: Score): Line {
  const { episodes, caught } = score;
  if (episodes === 0) return ['0', ['faint', '   none yet']];
  return [
    ['strong', signed(rewardOf(score), 0)],
    ['faint', `   caught ${caught} of ${episodes}`],
  ];
}

function policyLines({ thought, action }: Shot, columns: number): Line[] {
  const width = columns - LABEL - 'right  '.length - ' 100 %'.length;
  return thought.policy.map((share, i): Line => {
    const full = Math.round(width * share);
    const name = (actionNames[i] ?? '').padEnd(7);
    return [
      label(i === 0 ? 'policy' : ''),
      i === action ? ['strong', name] : name,
      ['read', '━'.repeat(full)],
      ['faint', `${'─'.repeat(width - full)}${percent(share).padStart(6)}`],
    ];
  });
}

/** `───────┼──●───  +0.42`, from −1 to 1. */
function valueSpans({ thought }: Shot, columns: number): Line {
  const half = Math.floor((columns - ' −0.00'.length - 1) / 2);
  const value = Math.min(Math.max(thought.value, -1), 1);
  const at = half + Math.round(half * value);
  const scale = `${'─'.repeat(half)}┼${'─'.repeat(half)}`;
  const text = signed(thought.value, 2).padStart(columns - scale.length);
  return [['faint', scale.slice(0, at)], ['read', '●'], ['faint', scale.slice(at + 1)], text];
}

function recallLines(state: WatchState, columns: number): Line[] {
  const recalled = recalledOf(state.shot);
  const chart = recalled ? recallChart(recalled, columns - LABEL, CHART) : [];
  return [...chart, recallText(recalled)].map(
    (line, i): Line => [label(i === 0 ? 'recalls' : ''), ...line],
  );
}

const ARROWS = ['·', '←', '→'];

function beneathLines(state: WatchState, columns: number): Line[] {
  const { shot, pace, isPaused } = state;
  const { policy, value } = shot.thought;
  const room = columns - LABEL;
  const chances = policy.map((share, i): Line => {
    const arrow = ARROWS[i] ?? '';
    return [i === shot.action ? ['strong', arrow] : arrow, ['read', ` ${percent(share)}`]];
  });
  const recalled = recalledOf(shot);
  const facts: Line[] = [
    [...frameSpans(nowOf(state)), ...verdictSpans(shot)],
    [['faint', 'reward '], ...rewardSpans(shot.score)],
    [['faint', isPaused ? 'paused' : paceText(pace)]],
  ];
  const thoughts: Line[] = [...chances, [['faint', 'value '], signed(value, 2)]];
  const bars = recalled && recallChart(recalled, Math.min(room, MOST_BARS), 1)[0];
  return [
    [label('frame'), ...joinFitting(facts, GAP_TEXT, room)],
    [label('policy'), ...joinFitting(thoughts, '  ', room)],
    [label('recalls'), ...joinFitting([...(bars ? [bars] : []), recallText(recalled)], ' ', room)],
  ];
}

const keysOf = ({ isPaused, reveals }: WatchState): string[] => [
  isPaused ? 'space go on' : 'space pause',
  '← → step',
  reveals ? 'f fog' : 'f see through the fog',
  '+ − pace',
  'r restart',
  'q quit',
];
