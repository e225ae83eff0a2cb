import { paced } from '../paced.ts';
import { asPercent, count, duration, percent } from '../terminal/format.ts';
import { sizeOf, wordsFor } from './task-words.ts';
import { imagesText, type TrainingDisplay } from './training-display.ts';
import { afterProgress, type TrainingState, updatesPerSecond } from './training-state.ts';

const COLUMNS = { update: 8, loss: 8, error: 20, best: 10, speed: 13, elapsed: 14 };
type Columns = Record<keyof typeof COLUMNS, string>;

const BETWEEN_IMAGES = 10_000;

/** A line for each validation, for pipes and logs. */
export function plainDisplay(start: TrainingState, testing: string): TrainingDisplay {
  const isDue = paced(BETWEEN_IMAGES);
  let startedAt = performance.now();
  let state = start;
  for (const line of introduction(start)) console.log(line);
  return {
    asks() {},
    images(progress) {
      startedAt = performance.now();
      if (isDue()) console.log(imagesText(progress));
    },
    progress(progress) {
      state = afterProgress(state, progress, (performance.now() - startedAt) / 1000);
      if (progress.validationError !== undefined) console.log(rowOf(state));
    },
    test: () => console.log(testing),
    notice: (text) => console.log(text),
    close() {},
  };
}

function introduction({ config, backend, weightCount }: TrainingState): string[] {
  const { targetError, maxUpdates } = config.training;
  const { sentence, kept } = wordsFor(config);
  const goal = targetError > 0 ? `a validation error under ${asPercent(targetError)} %, or ` : '';
  return [
    sentence,
    `${sizeOf(config)}, ${count(weightCount)} weights to learn, backend ${backend}, seed ${config.seed}.`,
    `Until ${goal}${count(maxUpdates)} updates; validated on ${kept} kept aside.`,
    '',
    alignRight({
      update: 'update',
      loss: 'loss',
      error: 'validation error',
      best: 'best',
      speed: 'updates/s',
      elapsed: 'elapsed',
    }),
  ];
}

function rowOf(state: TrainingState): string {
  return alignRight({
    update: count(state.update),
    loss: state.loss?.toFixed(3) ?? '',
    error: percent(state.errors.at(-1)?.y ?? 1),
    best: percent(state.best?.y ?? 1),
    speed: updatesPerSecond(state).toFixed(1),
    elapsed: duration(state.seconds),
  });
}

function alignRight(texts: Columns): string {
  const names = Object.keys(COLUMNS) as (keyof Columns)[];
  return names.map((name) => texts[name].padStart(COLUMNS[name])).join('');
}
