import type { PlannedRun, ReproduceEvent, RunResult } from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import { runCost, updateCost } from './run-cost.ts';
import {
  advance,
  type Beginning,
  beginRun,
  type RunProgress,
  secondsWatched,
  updatesLeft,
  updatesPerSecond,
} from './run-progress.ts';

/** How far a plan has come, of which several runs may be at work. */
export interface PlanProgress {
  /** In the order in which they were begun. */
  atWork(): readonly RunProgress[];
  of(run: PlannedRun): RunProgress | undefined;
  /** Of all the work there is, 0 to 1. */
  share(): number;
  /** Until the last run is over; undefined while nobody can know. */
  secondsLeft(): number | undefined;
  hear(event: ReproduceEvent): void;
  begin(run: PlannedRun, beginning: Beginning): void;
  images(run: PlannedRun, images: ImageProgress): void;
  /** `at` is when, in ms. */
  advance(run: PlannedRun, progress: Progress, at: number): RunProgress | undefined;
  test(run: PlannedRun): void;
}

export interface PlanProgressOptions {
  readonly plan: readonly PlannedRun[];
  readonly parallel: number;
  /** Results of earlier sessions, which tell how fast runs of their kind are. */
  readonly known?: readonly { readonly run: PlannedRun; readonly result: RunResult }[];
}

/** A speed that was watched for less says little, in seconds. */
const ENOUGH = 2;

export function planProgress({ plan, parallel, known = [] }: PlanProgressOptions): PlanProgress {
  const runs = [...new Map(plan.map((run) => [run.hash, run])).values()];
  const working = new Map<string, RunProgress>();
  const over = new Set<string>();
  const paces = paceBook();
  for (const { run, result } of known) paces.learn(run, result.seconds / result.updates);

  const change = (run: PlannedRun, to: (before: RunProgress) => RunProgress): void => {
    const before = working.get(run.hash);
    if (before) working.set(run.hash, to(before));
  };
  const ownPace = (progress: RunProgress): number | undefined => {
    const speed = updatesPerSecond(progress);
    return speed && secondsWatched(progress) >= ENOUGH ? 1 / speed : paces.of(progress.run);
  };
  return {
    atWork: () => [...working.values()],
    of: ({ hash }) => working.get(hash),
    share() {
      const done = runs.reduce((sum, run) => sum + runCost(run) * doneOf(run), 0);
      return done / runs.reduce((sum, run) => sum + runCost(run), 0);
    },
    secondsLeft() {
      const busy = [...working.values()].map((progress) => {
        const pace = ownPace(progress);
        return pace && pace * updatesLeft(progress);
      });
      const waiting = runs
        .filter(({ hash }) => !working.has(hash) && !over.has(hash))
        .map((run) => {
          const pace = paces.of(run);
          return pace && pace * run.config.training.maxUpdates;
        });
      const all = [...busy, ...waiting];
      if (!all.every((seconds) => seconds !== undefined)) return undefined;
      return lastEnd(all, parallel);
    },
    hear(event) {
      const { kind, run, index, of } = event;
      if (kind === 'started' || kind === 'resumed') {
        working.set(run.hash, beginRun(run, { index, of }));
        return;
      }
      working.delete(run.hash);
      over.add(run.hash);
      if ('result' in event) paces.learn(run, event.result.seconds / event.result.updates);
    },
    begin: (run, beginning) => change(run, ({ place }) => beginRun(run, place, beginning)),
    images: (run, images) => change(run, (before) => ({ ...before, images })),
    advance(run, progress, at) {
      change(run, (before) => advance(before, progress, at));
      const now = working.get(run.hash);
      if (now && secondsWatched(now) >= ENOUGH) paces.learn(run, 1 / (updatesPerSecond(now) ?? 0));
      return now;
    },
    test: (run) => change(run, (before) => ({ ...before, isTested: true })),
  };

  function doneOf(run: PlannedRun): number {
    if (over.has(run.hash)) return 1;
    const progress = working.get(run.hash);
    return progress ? progress.update / run.config.training.maxUpdates : 0;
  }
}

interface PaceBook {
  learn(run: PlannedRun, secondsPerUpdate: number): void;
  /** Seconds of an update: of this model and size, or scaled from those of others by what updates cost. */
  of(run: PlannedRun): number | undefined;
}

function paceBook(): PaceBook {
  const paces = new Map<string, { readonly run: PlannedRun; readonly pace: number }>();
  const kindOf = ({ config, model, units }: PlannedRun): string =>
    [config.task, model, units].join(' ');
  return {
    learn(run, pace) {
      if (Number.isFinite(pace) && pace > 0) paces.set(kindOf(run), { run, pace });
    },
    of(run) {
      const own = paces.get(kindOf(run));
      if (own) return own.pace;
      const all = [...paces.values()];
      const alike = all.filter((other) => other.run.model === run.model);
      const ratios = (alike.length > 0 ? alike : all).map(
        (other) => other.pace / updateCost(other.run),
      );
      if (ratios.length === 0) return undefined;
      const mean = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length;
      return updateCost(run) * Math.exp(mean);
    },
  };
}

/** When the last of these tasks ends, if each goes to whoever is free first; in seconds. */
export function lastEnd(tasks: readonly number[], hands: number): number {
  const ends = Array.from({ length: hands }, () => 0);
  for (const seconds of tasks) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = (ends[first] as number) + seconds;
  }
  return Math.max(...ends);
}
