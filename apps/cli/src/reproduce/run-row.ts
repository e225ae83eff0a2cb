import {
  type PaperTable,
  type PlannedRun,
  paperTables,
  type RunResult,
} from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import { count, percent } from '../terminal/format.ts';
import type { Line, Span } from '../terminal/line.ts';
import { type RunProgress, secondsLeft, updatesPerSecond } from './run-progress.ts';

// One line for each run, at most 79 columns wide.

const COLUMNS = {
  place: 5,
  model: -12,
  units: 4,
  seed: 4,
  updates: 15,
  speed: 6,
  loss: 6,
  error: 7,
  end: 12,
} as const;
type Texts = Readonly<Record<keyof typeof COLUMNS, string>>;

/** Where a run stands in its plan. */
export interface Place {
  readonly index: number;
  readonly of: number;
}

/** What the columns of a table's runs mean. */
export const headOf = ({ columnName, measure }: PaperTable): Line => [
  [
    'faint',
    aligned({
      place: 'run',
      model: 'model',
      units: columnName === 'R' ? 'R' : 'size',
      seed: 'seed',
      updates: 'updates',
      speed: 'upd/s',
      loss: 'loss',
      error: measure === 'error' ? 'valid.' : 'val.acc',
      end: measure === 'error' ? 'left or test' : 'left or acc.',
    }),
  ],
];

export function progressRow(progress: RunProgress): Line {
  const { run, place, update, loss, validationError, images, isTested } = progress;
  if (images) return [`${nameOf(run, place)}  `, ['faint', `${imagesText(images)} …`]];
  const left = secondsLeft(progress);
  const ends = isTested ? 'testing …' : left === undefined ? '…' : shortDuration(left);
  return [
    aligned({
      ...namesOf(run, place),
      updates: `${count(update)}/${count(run.config.training.maxUpdates)}`,
      speed: speedOf(updatesPerSecond(progress)),
      loss: loss === undefined ? '' : lossOf(loss),
      error: validationError === undefined ? '' : measured(run, validationError),
      end: ends,
    }),
  ];
}

/** `rendering faces 12,000/133,080` */
const imagesText = ({ kind, images, of }: ImageProgress): string =>
  `${kind} ${kind === 'rendering' ? 'faces' : 'images'} ${count(images)}${of === undefined ? '' : `/${count(of)}`}`;

/** A run that is over. */
export function resultRow(run: PlannedRun, place: Place, result: RunResult): Line {
  const { updates, best, testError, curve, seconds } = result;
  const loss = curve.at(-1)?.loss;
  const text = aligned({
    ...namesOf(run, place),
    updates: count(updates),
    speed: speedOf(seconds > 0 ? updates / seconds : undefined),
    loss: loss === undefined ? '' : lossOf(loss),
    error: measured(run, best.validationError),
    end: '',
  });
  const end: Span = ['strong', measured(run, testError).padStart(COLUMNS.end)];
  return [text.slice(0, -COLUMNS.end), end];
}

export const failureRow = (run: PlannedRun, place: Place): Line => [
  `${nameOf(run, place)}  `,
  ['written', 'failed'],
];

export const interruptedRow = (run: PlannedRun, place: Place, update: number): Line => [
  `${nameOf(run, place)}  `,
  ['faint', `stopped at update ${count(update)}`],
];

const nameOf = (run: PlannedRun, place: Place): string => {
  const { place: at, model, units, seed } = namesOf(run, place);
  return [
    at.padStart(COLUMNS.place),
    model.padEnd(-COLUMNS.model),
    units.padStart(COLUMNS.units),
    seed.padStart(COLUMNS.seed),
  ].join(' ');
};

const namesOf = (
  { model, units, seed }: PlannedRun,
  { index, of }: Place,
): Pick<Texts, 'place' | 'model' | 'units' | 'seed'> => ({
  place: `${index + 1}/${of}`,
  model,
  units: String(units),
  seed: String(seed),
});

function aligned(texts: Texts): string {
  const names = Object.keys(COLUMNS) as (keyof Texts)[];
  return names
    .map((name) => {
      const width = COLUMNS[name];
      return width < 0 ? texts[name].padEnd(-width) : texts[name].padStart(width);
    })
    .join(' ');
}

/** In the measure of the run's table. */
function measured({ table }: PlannedRun, error: number): string {
  const isError = paperTables[table]?.measure !== 'accuracy';
  return shown(isError ? error : 1 - error);
}

/** `12.34 %` · `100 %` */
const shown = (share: number): string => (share === 1 ? '100 %' : percent(share));

const lossOf = (loss: number): string => (loss >= 100 ? loss.toExponential(0) : loss.toFixed(3));

const speedOf = (speed: number | undefined): string => {
  if (speed === undefined) return '';
  return speed >= 100 ? count(Math.round(speed)) : speed.toFixed(1);
};

/** What a run is called where there is no table. */
export const titleOf = ({ model, units, seed }: PlannedRun): string =>
  `${model} ${units}, seed ${seed}`;

/** `2 h 05 min` · `3 min 20 s` · `12 s` */
export function shortDuration(seconds: number): string {
  const all = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}
