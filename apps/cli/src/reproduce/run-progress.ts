import type { PlannedRun } from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import type { ChartPoint } from '../terminal/chart.ts';
import type { Place } from './run-row.ts';

/** How far a run that is trained has come. */
export interface RunProgress {
  readonly run: PlannedRun;
  readonly place: Place;
  readonly update: number;
  readonly loss?: number;
  readonly validationError?: number;
  /** The validation errors so far, those of earlier sessions too. */
  readonly errors: readonly ChartPoint[];
  /** Before training: images that are made or read. */
  readonly images?: ImageProgress;
  readonly isTested: boolean;
  /** The last few reports, to tell the speed; `at` in ms. */
  readonly reports: readonly { readonly update: number; readonly at: number }[];
}

/** The speed is that of so many reports. */
const MOST_REPORTS = 20;

/** Where a run goes on. */
export interface Beginning {
  readonly update: number;
  readonly errors: readonly ChartPoint[];
}

export const beginRun = (
  run: PlannedRun,
  place: Place,
  { update, errors }: Beginning = { update: 0, errors: [] },
): RunProgress => ({ run, place, update, errors, isTested: false, reports: [] });

/** `at` is when, in ms. */
export function advance(before: RunProgress, progress: Progress, at: number): RunProgress {
  const { images: _, ...rest } = before;
  const { update, loss, validationError } = progress;
  return {
    ...rest,
    update,
    loss,
    ...(validationError !== undefined && {
      validationError,
      errors: [...before.errors, { x: update, y: validationError }],
    }),
    reports: [...before.reports, { update, at }].slice(-MOST_REPORTS),
  };
}

/** Undefined before the second report. */
export function updatesPerSecond({ reports }: RunProgress): number | undefined {
  const [first, last] = [reports[0], reports.at(-1)];
  if (!first || !last || last.at <= first.at) return undefined;
  return ((last.update - first.update) * 1000) / (last.at - first.at);
}

export const updatesLeft = ({ run, update }: RunProgress): number =>
  run.config.training.maxUpdates - update;

/** Until all updates are done; it may end before. */
export function secondsLeft(progress: RunProgress): number | undefined {
  const speed = updatesPerSecond(progress);
  return speed ? updatesLeft(progress) / speed : undefined;
}

/** How long the speed has been watched, in seconds. */
export function secondsWatched({ reports }: RunProgress): number {
  const [first, last] = [reports[0], reports.at(-1)];
  return first && last ? (last.at - first.at) / 1000 : 0;
}
