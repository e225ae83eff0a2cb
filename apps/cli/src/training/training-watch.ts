import type { ExperimentConfig } from '@fastweights/experiments';
import type { Metric } from '@fastweights/trainers/runs';
import { answerAll } from '../answers.ts';
import { oddRefusals } from '../odd-refusals.ts';
import { printable } from '../printable.ts';
import { count } from '../terminal/format.ts';
import type { RunWatcher } from '../training-run/train-run.ts';
import type { BackendFacts } from '../training-run/training-job.ts';
import { jsonDisplay, printEvent } from './json-display.ts';
import { plainDisplay } from './plain-display.ts';
import { printNote } from './print-note.ts';
import type { TrainOptions } from './train-options.ts';
import { canDraw, liveDisplay, type TrainingDisplay } from './training-display.ts';
import { afterProgress, type TrainingState } from './training-state.ts';
import { EXAMPLES } from './training-summary.ts';

export const NOTICE = 'Ctrl-C stops and saves; the same command goes on.';
export const STOPPING =
  'Stopping after this update, and saving … (Ctrl-C again quits at once, without saving)';
export const FINISHING =
  'Training is over; testing and saving … (Ctrl-C again quits at once, without saving)';

export interface TrainingWatch {
  readonly watcher: RunWatcher;
  isTesting(): boolean;
  notice(text: string): void;
  close(): void;
}

export interface Watched {
  readonly config: ExperimentConfig;
  readonly hash: string;
  readonly directory: string;
  readonly options: TrainOptions;
  /** What was reported before, where the run goes on. */
  readonly before: readonly Metric[];
}

/** Shows a training: as a picture, line by line, or as JSON. */
export function watchTraining({
  config,
  hash,
  directory,
  options,
  before,
}: Watched): TrainingWatch {
  const { json = false, plain = false } = options;
  const { maxUpdates } = config.training;
  let display: TrainingDisplay | undefined;
  let began = 0;
  let isTesting = false;

  const open = ({ name, weightCount }: BackendFacts): TrainingDisplay => {
    const known = before.filter(({ update, offSchedule }) => update <= began && !offSchedule);
    const start = stateAfter({ config, backend: name, weightCount, began }, known);
    if (json) return jsonDisplay(start);
    const isLive = canDraw(process.stdout) && !plain;
    return isLive ? liveDisplay(start, testing(config)) : plainDisplay(start, testing(config));
  };
  return {
    isTesting: () => isTesting,
    notice: (text) => display?.notice(text),
    close: () => display?.close(),
    watcher: {
      onBegin(update) {
        began = update;
        const event = update > 0 ? 'resumed' : 'started';
        if (json) printEvent(event, { task: config.task, directory, hash, update, maxUpdates });
        else if (update > 0) {
          console.log(`Going on from update ${count(update)} of ${printable(directory)}.`);
        }
      },
      onBackend(facts) {
        for (const text of oddRefusals(facts.refused)) printNote(text);
        if (json) printEvent('backend', { name: facts.name, device: facts.device });
        display = open(facts);
      },
      onImages: (progress) => display?.images(progress),
      onModel: (model) =>
        config.task === 'retrieval' && display?.asks(() => answerAll(model, EXAMPLES)),
      onProgress: (progress) => display?.progress(progress),
      onTest() {
        isTesting = true;
        display?.test();
      },
      note: printNote,
    },
  };
}

const testing = (config: ExperimentConfig): string => {
  const what = config.task === 'retrieval' ? `${count(config.data.sizes.test)} strings` : 'images';
  return `Testing on ${what} it has never seen …`;
};

/** Where a training stands that goes on after these reports. */
function stateAfter(
  facts: Pick<TrainingState, 'config' | 'backend' | 'weightCount' | 'began'>,
  known: readonly Metric[],
): TrainingState {
  const start = { ...facts, update: facts.began, seconds: 0, errors: [], answers: [] };
  return known.reduce<TrainingState>((state, metric) => afterProgress(state, metric, 0), {
    ...start,
    notice: NOTICE,
  });
}
