import { answerSpans, attentionBars } from '../answer-lines.ts';
import { type ChartMark, chart } from '../terminal/chart.ts';
import { asPercent, count, duration, percent } from '../terminal/format.ts';
import { joinFitting, type Line, widthOf } from '../terminal/line.ts';
import { type TrainingState, updatesPerSecond } from './training-state.ts';

interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** What a network reaches that knows the digits of a string, but not which letter each came with: 61.65 %. */
const PLATEAU = 0.6165;
const FIRST_WINDOW = 1000;
const GAP = '   ';
const INDENT = 9;
const WIDEST = 120;
const HIGHEST = 18;
const LOWEST = 5;
/** The rows below a plot, for its axis. */
const AXIS = 2;

/** The picture of a training, no larger than the room there is. */
export function trainingFrame(state: TrainingState, room: Room): Line[] {
  const columns = Math.min(room.columns, WIDEST);
  const head = [titleLine(columns), setupLine(state, columns)];
  const notice: Line[] = state.notice ? [[['faint', state.notice]]] : [];
  const answers = answerLines(state, columns);
  const foot = [...answers, speedLine(state, columns), errorLine(state, columns), ...notice];
  const caption: Line = [['faint', captionFor(columns)]];
  const left = room.rows - head.length - foot.length;
  const spacious = left >= LOWEST + AXIS + 3 + 4;
  const blank: Line[] = spacious ? [[]] : [];
  const height = Math.min(left - 1 - AXIS - 2 * blank.length, HIGHEST);
  if (height < LOWEST) return [...head, ...foot].slice(0, room.rows);
  return [...head, ...blank, caption, ...curve(state, columns, height), ...blank, ...foot];
}

function titleLine(columns: number): Line {
  const example: Line = ['c9k8j3f1??', ['read', 'c'], ' → ', ['read', '9']];
  const parts: Line[] = [[['strong', 'Learning to remember']], example];
  return joinFitting([...parts, [['faint', 'which digit came with the c?']]], GAP, columns);
}

function setupLine({ config, backend, weightCount }: TrainingState, columns: number): Line {
  const long = [
    `${config.units} fast-weights units`,
    `${count(weightCount)} weights to learn`,
    `backend ${backend}`,
    `seed ${config.seed}`,
  ].join(' · ');
  const short = `${config.units} units · ${count(weightCount)} weights · ${backend} · seed ${config.seed}`;
  return [['faint', long.length <= columns ? long : short]];
}

function captionFor(columns: number): string {
  const captions = [
    'Wrong answers on 10,000 strings kept aside (validation error; square-root scale)',
    'Validation error (square-root scale)',
  ];
  return captions.find((text) => text.length <= columns) ?? '';
}

function curve({ config, errors, update }: TrainingState, width: number, height: number): Line[] {
  const goal: ChartMark = {
    y: config.targetError,
    labels: [`the goal: under ${asPercent(config.targetError)} %`, 'the goal'],
    style: 'strong',
  };
  const plateau: ChartMark = {
    y: PLATEAU,
    labels: ['knows which digits occurred, not who owns them', 'digits, not their owners'],
    style: 'faint',
  };
  const marks = config.targetError > 0 ? [plateau, goal] : [plateau];
  return chart(errors, {
    width,
    height,
    xMax: windowFor(update, config.maxUpdates),
    xLabel: 'updates',
    marks,
  });
}

/** The axis stays as it is while one looks, but for doubling. */
function windowFor(update: number, maxUpdates: number): number {
  let end = FIRST_WINDOW;
  while (end < update) end *= 2;
  return Math.min(end, maxUpdates);
}

function speedLine(state: TrainingState, columns: number): Line {
  const { update, config, seconds } = state;
  const most = count(config.maxUpdates);
  const parts: Line[] = [
    [label('update'), count(update).padStart(most.length), ['faint', ` of at most ${most}`]],
    [`${updatesPerSecond(state).toFixed(0).padStart(3)} updates/s`],
    [duration(seconds).padStart(4)],
  ];
  return joinFitting(parts, GAP, columns);
}

function errorLine({ config, errors, best, loss }: TrainingState, columns: number): Line {
  const last = errors.at(-1);
  const parts: Line[] = [
    [label('error'), last ? ['read', percent(last.y).padStart(7)] : ['faint', '      –']],
    [
      [
        'faint',
        best ? `best ${percent(best.y)} at update ${count(best.x)}` : firstMeasured(config),
      ],
    ],
    [`loss ${loss === undefined ? '–' : loss.toFixed(3)}`],
  ];
  return joinFitting(parts, GAP, columns);
}

const firstMeasured = ({ validateEvery }: TrainingState['config']): string =>
  `measured every ${validateEvery} updates`;

/** A few strings with what the network answers now, and beneath them what it reads of each. */
function answerLines({ answers }: TrainingState, columns: number): Line[] {
  if (answers.length === 0) return [];
  const shown = answers.map(answerSpans);
  const strings = joinFitting(shown, GAP, columns - INDENT);
  const bars = answers.map(
    (answer, i): Line => [['read', attentionBars(answer).padEnd(widthOf(shown[i] ?? []))]],
  );
  return [
    [label('answers'), ...strings],
    [label('reads'), ...joinFitting(bars, GAP, columns - INDENT)],
    [],
  ];
}

const label = (text: string): Line[number] => ['faint', text.padEnd(INDENT)];
