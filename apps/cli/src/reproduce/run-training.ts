import type { PlannedRun, RunOne } from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import { type TrainRunOptions, trainRun } from '../training-run/train-run.ts';
import type { BackendFacts } from '../training-run/training-job.ts';
import { turnstile } from '../training-run/turnstile.ts';
import { type RunFolder, resultOf } from './run-folder.ts';
import type { Beginning } from './run-progress.ts';

export interface RunTrainingOptions
  extends Pick<
    TrainRunOptions,
    'workers' | 'backend' | 'firstBackend' | 'ownThread' | 'software' | 'cache'
  > {
  readonly runs: RunFolder;
  readonly watcher: PlanWatcher;
}

/** Who looks on while the runs of a plan are trained. */
interface PlanWatcher {
  /** From which update it goes on. */
  begin(run: PlannedRun, beginning: Beginning): void;
  backend(run: PlannedRun, facts: BackendFacts): void;
  images(run: PlannedRun, progress: ImageProgress): void;
  progress(run: PlannedRun, progress: Progress): void;
  test(run: PlannedRun): void;
  note(text: string, run: PlannedRun): void;
}

/** Trains a run of a plan in its run directory, from its last checkpoint. */
export function runTraining({ runs, watcher, ...options }: RunTrainingOptions): RunOne {
  const opening = turnstile();
  return async (planned, { resume, signal }) => {
    const { config, hash } = planned;
    const directory = await runs.directoryOf(planned);
    // Only for the curve: what cannot be read is told by the training.
    const begun = resume ? await runs.begun(hash).catch(() => undefined) : undefined;
    const errors = begun?.errors ?? [];
    const record = await trainRun(directory, {
      ...options,
      ...{ config, hash, opening, signal },
      watcher: {
        onBegin: (update) =>
          watcher.begin(planned, { update, errors: errors.filter(({ x }) => x <= update) }),
        onBackend: (facts) => watcher.backend(planned, facts),
        onImages: (progress) => watcher.images(planned, progress),
        onProgress: (progress) => watcher.progress(planned, progress),
        onTest: () => watcher.test(planned),
        note: (text) => watcher.note(text, planned),
      },
    });
    return record && resultOf(record, directory);
  };
}
