import { answerSpans, attentionBars } from '../answer-lines.ts';
import { type ChartMark, chart } from '../terminal/chart.ts';
import { asPercent, count, duration, percent } from '../terminal/format.ts';
import { joinFitting, type Line, widthOf } from '../terminal/line.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { sizeOf, wordsFor } from './task-words.ts';
import {
  GAP,
  INDENT,
  label,
  type Room,
  trainingPicture,
  widthOfPicture,
} from './training-picture.ts';
import { secondsLeft, type TrainingState, updatesPerSecond } from './training-state.ts';

const FIRST_WINDOW = 1000;

/** The picture of a training, no larger than the room there is. */
export function trainingFrame(state: TrainingState, room: Room): Line[] {
  const columns = widthOfPicture(room);
  const head = [titleLine(state, columns), setupLine(state, columns)];
  const notice: Line[] = state.notice ? [[['faint', state.notice]]] : [];
  const answers = answerLines(state, columns);
  const foot = [...answers, speedLine(state, columns), errorLine(state, columns), ...notice];
  const caption: Line = [['faint', captionFor(state, columns)]];
  return trainingPicture(
    { head, caption, curve: (width, height) => curve(state, width, height), foot },
    room,
  );
}

function titleLine({ config }: TrainingState, columns: number): Line {
  const { title, example, question } = wordsFor(config);
  const parts: Line[] = [[['strong', title]], example, [['faint', question]]];
  return joinFitting(
    parts.filter((part) => part.length > 0),
    GAP,
    columns,
  );
}

function setupLine({ config, backend, weightCount }: TrainingState, columns: number): Line {
  const { model, seed } = config;
  const long = [
    sizeOf(config),
    `${count(weightCount)} weights to learn`,
    `backend ${backend}`,
    `seed ${seed}`,
  ].join(' · ');
  const short = `${model.units} units · ${count(weightCount)} weights · ${backend} · seed ${seed}`;
  return [['faint', long.length <= columns ? long : short]];
}

function captionFor({ config }: TrainingState, columns: number): string {
  const captions = [
    `Wrong answers on ${wordsFor(config).kept} kept aside (validation error; square-root scale)`,
    'Validation error (square-root scale)',
  ];
  return captions.find((text) => text.length <= columns) ?? '';
}

function curve({ config, errors, update }: TrainingState, width: number, height: number): Line[] {
  const { targetError, maxUpdates } = config.training;
  const { plateau } = wordsFor(config);
  const marks: ChartMark[] = [
    ...(plateau ? [{ y: plateau.error, labels: plateau.labels, style: 'faint' as const }] : []),
    ...(targetError > 0 ? [goalAt(targetError)] : []),
  ];
  const xMax = targetError > 0 ? windowFor(update, maxUpdates) : maxUpdates;
  return chart(errors, { width, height, xMax, xLabel: 'updates', marks });
}

const goalAt = (y: number): ChartMark => ({
  y,
  labels: [`the goal: under ${asPercent(y)} %`, 'the goal'],
  style: 'strong',
});

/** The axis stays as it is while one looks, but for doubling. */
function windowFor(update: number, maxUpdates: number): number {
  let end = FIRST_WINDOW;
  while (end < update) end *= 2;
  return Math.min(end, maxUpdates);
}

/** With a target nobody knows how long it takes; without one, all updates are done. */
function speedLine(state: TrainingState, columns: number): Line {
  const { update, config, seconds } = state;
  const { maxUpdates, targetError } = config.training;
  const most = count(maxUpdates);
  const left = secondsLeft(state);
  const speed = `${updatesPerSecond(state).toFixed(0).padStart(3)} updates/s`;
  const of = targetError > 0 ? ` of at most ${most}` : ` of ${most}`;
  const done: Line = [label('update'), count(update).padStart(most.length), ['faint', of]];
  const parts: Line[] =
    targetError > 0
      ? [done, [speed], [duration(seconds).padStart(4)]]
      : [
          done,
          progressBar(update / maxUpdates),
          [speed],
          [left === undefined ? '…' : `${duration(left)} left`],
        ];
  return joinFitting(parts, GAP, columns);
}

function errorLine({ config, errors, best, loss }: TrainingState, columns: number): Line {
  const { validateEvery, maxUpdates } = config.training;
  const last = errors.at(-1);
  const parts: Line[] = [
    [label('error'), last ? ['read', percent(last.y).padStart(7)] : ['faint', '      –']],
    [
      [
        'faint',
        best
          ? `best ${percent(best.y)} at update ${count(best.x)}`
          : `measured every ${Math.min(validateEvery, maxUpdates)} updates`,
      ],
    ],
    [`loss ${loss === undefined ? '–' : loss.toFixed(3)}`],
  ];
  return joinFitting(parts, GAP, columns);
}

/** A few strings with what the network answers now, and beneath them what it reads of each. */
function answerLines({ answers }: TrainingState, columns: number): Line[] {
  if (answers.length === 0) return [];
  const shown = answers.map(answerSpans);
  const strings = joinFitting(shown, GAP, columns - INDENT);
  const bars = answers.map(
    (answer, i): Line => [['read', attentionBars(answer).padEnd(widthOf(shown[i] ?? []))]],
  );
  const attends = answers.some(({ attention }) => attention);
  return [
    [label('answers'), ...strings],
    ...(attends ? [[label('reads'), ...joinFitting(bars, GAP, columns - INDENT)]] : []),
    [],
  ];
}
