import type { PlannedRun } from '@fastweights/experiments';
import type { Progress } from '@fastweights/trainers';

/** How far the run that is trained has come. */
export interface RunProgress {
  readonly run: PlannedRun;
  /** The update that this session began at. */
  readonly began: number;
  readonly update: number;
  readonly loss?: number;
  readonly validationError?: number;
  readonly isTested: boolean;
  /** The last few reports, to tell the speed. */
  readonly reports: readonly { readonly update: number; readonly at: number }[];
}

/** The speed is that of so many reports. */
const MOST_REPORTS = 20;

export const beginRun = (run: PlannedRun, update: number): RunProgress => ({
  run,
  began: update,
  update,
  isTested: false,
  reports: [],
});

/** `at` is when, in ms. */
export function advance(before: RunProgress, progress: Progress, at: number): RunProgress {
  const { update, loss, validationError = before.validationError } = progress;
  return {
    ...before,
    update,
    loss,
    ...(validationError !== undefined && { validationError }),
    reports: [...before.reports, { update, at }].slice(-MOST_REPORTS),
  };
}

/** Undefined before the second report. */
export function updatesPerSecond({ reports }: RunProgress): number | undefined {
  const [first, last] = [reports[0], reports.at(-1)];
  if (!first || !last || last.at <= first.at) return undefined;
  return ((last.update - first.update) * 1000) / (last.at - first.at);
}

/** Until all updates are done; it may end before. */
export function secondsLeft(progress: RunProgress): number | undefined {
  const speed = updatesPerSecond(progress);
  const left = progress.run.config.training.maxUpdates - progress.update;
  return speed ? left / speed : undefined;
}
