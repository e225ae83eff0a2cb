import type { AgentRunResult, PlannedAgentRun, ReproduceEvent } from '@fastweights/experiments';
import type { AgentProgress } from '@fastweights/trainers';
import { lastEnd } from './plan-progress.ts';
import type { Place } from './run-row.ts';

export type FigureEvent = ReproduceEvent<PlannedAgentRun, AgentRunResult>;

/** How far a run that is trained has come. */
export interface AgentAtWork {
  readonly run: PlannedAgentRun;
  readonly place: Place;
  /** Where this session began, … */
  readonly began: number;
  /** … and when, in ms. */
  readonly at: number;
  readonly frames: number;
  readonly meanReward?: number;
  readonly framesPerSecond?: number;
}

/** How far a figure has come, of which several runs may be at work. */
export interface FigureProgress {
  atWork(): readonly AgentAtWork[];
  of(run: PlannedAgentRun): AgentAtWork | undefined;
  /** Of all frames of the figure, 0 to 1. */
  share(): number;
  /** Until the last run is over; undefined while nobody can know. */
  secondsLeft(): number | undefined;
  hear(event: FigureEvent): void;
  /** `at` is when, in ms. */
  begin(run: PlannedAgentRun, frames: number, at: number): void;
  advance(run: PlannedAgentRun, progress: AgentProgress, at: number): AgentAtWork | undefined;
}

/** What is to be done of a kind of runs, those too that are not known before the search is over. */
export interface KindOfRuns {
  readonly board: string;
  readonly model: string;
  readonly runs: number;
  /** Of each. */
  readonly frames: number;
}

export interface FigureProgressOptions {
  readonly kinds: readonly KindOfRuns[];
  readonly parallel: number;
}

const kindOf = ({ board, model }: { board: string; model: string }): string => `${board} ${model}`;

export function figureProgress({ kinds, parallel }: FigureProgressOptions): FigureProgress {
  const working = new Map<string, AgentAtWork>();
  const over = new Map<string, PlannedAgentRun>();
  /** Seconds of a frame. */
  const paces = new Map<string, number>();
  const all = kinds.reduce((sum, { runs, frames }) => sum + runs * frames, 0);

  /** Where a kind has not been timed yet, the mean of the others. */
  const paceOf = (kind: string): number | undefined => {
    const known = [...paces.values()];
    const mean = known.reduce((sum, pace) => sum + pace, 0) / known.length;
    return paces.get(kind) ?? (known.length > 0 ? mean : undefined);
  };
  const framesOf = ({ config }: PlannedAgentRun): number => config.training.maxFrames;
  return {
    atWork: () => [...working.values()],
    of: ({ hash }) => working.get(hash),
    share() {
      const done = [...over.values()].reduce((sum, run) => sum + framesOf(run), 0);
      const begun = [...working.values()].reduce((sum, { frames }) => sum + frames, 0);
      return Math.min(1, (done + begun) / all);
    },
    secondsLeft() {
      const busy = [...working.values()].map(({ run, frames }) => {
        const pace = paceOf(kindOf(run));
        return pace && pace * Math.max(0, framesOf(run) - frames);
      });
      const waiting = kinds.flatMap((kind) => {
        const isOwn = (run: PlannedAgentRun): boolean => kindOf(run) === kindOf(kind);
        const begun = [...over.values(), ...[...working.values()].map(({ run }) => run)];
        const left = Math.max(0, kind.runs - begun.filter(isOwn).length);
        const pace = paceOf(kindOf(kind));
        return Array.from({ length: left }, () => pace && pace * kind.frames);
      });
      const tasks = [...busy, ...waiting];
      if (!tasks.every((seconds) => seconds !== undefined)) return undefined;
      return lastEnd(tasks, parallel);
    },
    hear(event) {
      const { kind, run, index, of } = event;
      if (kind === 'started' || kind === 'resumed') {
        working.set(run.hash, { run, place: { index, of }, began: 0, at: 0, frames: 0 });
        return;
      }
      working.delete(run.hash);
      over.set(run.hash, run);
      if (!('result' in event)) return;
      const { seconds, frames } = event.result;
      if (seconds > 0) paces.set(kindOf(run), seconds / frames);
    },
    begin(run, frames, at) {
      const before = working.get(run.hash);
      if (before) working.set(run.hash, { ...before, began: frames, frames, at });
    },
    advance(run, { frames, meanReward }, at) {
      const before = working.get(run.hash);
      if (!before) return undefined;
      const speed = (1000 * (frames - before.began)) / (at - before.at);
      const isTimed = at > before.at && speed > 0;
      const now = { ...before, frames, meanReward, ...(isTimed && { framesPerSecond: speed }) };
      working.set(run.hash, now);
      if (isTimed) paces.set(kindOf(run), 1 / speed);
      return now;
    },
  };
}
