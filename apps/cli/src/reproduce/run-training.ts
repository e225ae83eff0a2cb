import type { PlannedRun, RunOne } from '@fastweights/experiments';
import type { Progress } from '@fastweights/trainers';
import { type RunWatcher, type TrainRunOptions, trainRun } from '../training-run/train-run.ts';
import { type RunFolder, resultOf } from './run-folder.ts';

export interface RunTrainingOptions
  extends Pick<TrainRunOptions, 'workers' | 'backend' | 'software' | 'cache'> {
  readonly runs: RunFolder;
  readonly watcher: PlanWatcher;
}

/** Who looks on while the runs of a plan are trained. */
interface PlanWatcher extends Pick<RunWatcher, 'onBackend' | 'note'> {
  /** From which update it goes on. */
  onBegin(run: PlannedRun, update: number): void;
  onProgress(run: PlannedRun, progress: Progress): void;
  onTest(run: PlannedRun): void;
}

/** Trains a run of a plan in its run directory, from its last checkpoint. */
export function runTraining({ runs, watcher, ...options }: RunTrainingOptions): RunOne {
  return async (planned, { signal }) => {
    const { config, hash } = planned;
    const directory = await runs.directoryOf(hash);
    const record = await trainRun(directory, {
      ...options,
      ...{ config, hash, signal },
      watcher: {
        onBegin: (update) => watcher.onBegin(planned, update),
        onBackend: watcher.onBackend,
        onProgress: (progress) => watcher.onProgress(planned, progress),
        onTest: () => watcher.onTest(planned),
        note: watcher.note,
      },
    });
    return record && resultOf(record, directory);
  };
}
