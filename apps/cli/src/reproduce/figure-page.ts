import type { AgentFigure, AgentOutcome, FigureReport } from '@fastweights/experiments';
import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import type { KindOfRuns } from './figure-progress.ts';
import { amount, columnsOf } from './plan-page.ts';

export interface FigurePlanFacts {
  readonly figure: AgentFigure;
  readonly budget: string;
  readonly kinds: readonly KindOfRuns[];
  readonly trials: number;
  readonly seeds: number;
  readonly outcomes: readonly AgentOutcome[];
}

/** What is going to be trained. */
export function figurePage(facts: FigurePlanFacts, columns: number): Line[] {
  const { figure, budget, kinds, trials, seeds, outcomes } = facts;
  const runs = kinds.reduce((sum, kind) => sum + kind.runs, 0);
  const frames = kinds.reduce((sum, kind) => sum + kind.runs * kind.frames, 0);
  const done = outcomes.filter(({ status }) => status === 'done').length;
  const paragraphs = [
    `${figure.title}. ${figure.about}`,
    `Budget ${budget}: ${amount(runs, 'run')} of ${count(frames)} frames in all${done > 0 ? `, ${count(done)} done` : ''}. ` +
      `On each board every model tries ${amount(trials, 'setting')}; the best of them then gets ${amount(seeds, 'seed')}.`,
  ];
  const lines = paragraphs.flatMap((text) => wrap(text, columns).map((line): Line => [line]));
  return [...lines, ['']];
}

/** How many runs and frames each model has on each board. */
export function figureKindLines(kinds: readonly KindOfRuns[]): Line[] {
  const rows = kinds.map(({ board, model, runs, frames }) => [
    `${board} ${model}`,
    `${runs} × ${count(frames)}`,
  ]);
  return columnsOf([['board, model', 'runs × frames'], ...rows]);
}

/** How long each model took, and how its time compares. */
export function figureLines({ figure, cells }: FigureReport): Line[] {
  const { level, reference } = figure;
  const until = (frames: number | undefined, runs: number): string => {
    if (runs === 0) return 'not yet';
    return frames === undefined ? 'not reached' : count(Math.round(frames));
  };
  const times = (ratio: number | undefined): string =>
    ratio === undefined ? '–' : `× ${ratio.toFixed(2)}`;
  const rows = cells.map(({ board, label, seeds, best, paper }) => [
    `${board} ${label}`,
    until(seeds.framesUntil, seeds.runs.length),
    times(seeds.ratio),
    until(best.framesUntil, best.runs.length),
    times(best.ratio),
    times(paper.ratio),
  ]);
  const head = ['', 'seeds', `to ${reference}`, `${figure.best} best`, `to ${reference}`, 'paper'];
  return [
    [['strong', `Frames until the mean reward is ${level}`]],
    ...columnsOf([head, ...rows], 2),
  ];
}
