import type { Progress } from '@fastweights/trainers';
import type { Answer } from '../answers.ts';
import { asPercent, count, duration, percent } from '../terminal/format.ts';
import { openFrame, roomOf } from '../terminal/frame.ts';
import { painter } from '../terminal/style.ts';
import { trainingFrame } from './training-frame.ts';
import { afterProgress, type TrainingState, updatesPerSecond } from './training-state.ts';

export interface TrainingDisplay {
  progress(progress: Progress, seconds: number): Promise<void>;
  notice(text: string): void;
  /** The picture or the table ends here; what follows is ordinary text. */
  close(): void;
}

/** Whether there is a terminal that can draw, and nobody asked for less. */
export function canDraw(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'];
}

/** A picture that is drawn again in place. `ask` is what the model answers just now. */
export async function liveDisplay(
  start: TrainingState,
  ask: () => Promise<Answer[]>,
): Promise<TrainingDisplay> {
  const stream = process.stdout;
  const frame = openFrame(stream, painter(stream));
  let state: TrainingState = { ...start, answers: await ask() };
  const draw = (): void => frame.draw(trainingFrame(state, roomOf(stream)));
  stream.on('resize', draw);
  draw();
  return {
    async progress(progress, seconds) {
      state = { ...afterProgress(state, progress, seconds), answers: await ask() };
      draw();
    },
    notice(text) {
      state = { ...state, notice: text };
      draw();
    },
    close() {
      stream.off('resize', draw);
      state = { ...state, answers: [], notice: '' };
      draw();
      frame.close();
    },
  };
}

const COLUMNS = { update: 8, loss: 8, error: 20, best: 10, speed: 13, elapsed: 14 };
type Columns = Record<keyof typeof COLUMNS, string>;

/** A line for each validation, for pipes and logs. */
export function plainDisplay(start: TrainingState): TrainingDisplay {
  let state = start;
  for (const line of introduction(start)) console.log(line);
  return {
    async progress(progress, seconds) {
      state = afterProgress(state, progress, seconds);
      if (progress.validationError !== undefined) console.log(rowOf(state));
    },
    notice: (text) => console.log(text),
    close() {},
  };
}

function introduction({ config, backend, weightCount }: TrainingState): string[] {
  const { units, seed, targetError, maxUpdates } = config;
  const goal = targetError > 0 ? `a validation error under ${asPercent(targetError)} %, or ` : '';
  return [
    'Learning to remember: c9k8j3f1??c → 9, the digit that came with the c.',
    `${units} fast-weights units, ${count(weightCount)} weights to learn, backend ${backend}, seed ${seed}.`,
    `Until ${goal}${count(maxUpdates)} updates; validated on 10,000 strings kept aside.`,
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
