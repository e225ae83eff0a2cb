import {
  type PaperTable,
  type PlannedRun,
  paperTables,
  planTable,
  type ReproduceEvent,
  type RunResult,
} from '@fastweights/experiments';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveView, roughDuration } from '../src/reproduce/live-view.ts';
import { lastEnd, type PlanProgress, planProgress } from '../src/reproduce/plan-progress.ts';
import { updateCost } from '../src/reproduce/run-cost.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';

let plan: PlannedRun[] = [];
beforeAll(async () => {
  plan = await planTable(paperTables['table1'] as PaperTable, {
    models: ['lstm', 'fast-weights'],
    units: [20, 50],
    seeds: 1,
    settings: ['maxUpdates=1000', 'validateEvery=100'],
  });
});

const at = (run: PlannedRun): { run: PlannedRun; index: number; of: number } => ({
  run,
  index: plan.indexOf(run),
  of: plan.length,
});

const start = (progress: PlanProgress, run: PlannedRun): void =>
  progress.hear({ kind: 'started', ...at(run) });

const resultOf = (updates: number, seconds: number): RunResult => ({
  ...{ updates, seconds, stopped: 'updates', testError: 0.1, curve: [] },
  best: { validationError: 0.1, validationLoss: 0.3, update: updates },
});

const finished = (run: PlannedRun, seconds: number): ReproduceEvent => ({
  kind: 'finished',
  result: resultOf(1000, seconds),
  ...at(run),
});

/** Ten updates a second, validated now and then. */
function work(progress: PlanProgress, run: PlannedRun, updates: number): void {
  for (let update = 10; update <= updates; update += 10) {
    const validated = update % 100 === 0 && { validationError: 1 - update / 2000 };
    progress.advance(run, { update, loss: 1, ...validated }, 100 * update);
  }
}

describe('the time that a plan takes', () => {
  it('is not known before a run has been watched for a while', () => {
    const progress = planProgress({ plan, parallel: 2 });
    const [lstm] = plan as [PlannedRun];
    start(progress, lstm);
    work(progress, lstm, 20);
    expect(progress.secondsLeft()).toBeUndefined();
    work(progress, lstm, 40);
    expect(progress.secondsLeft()).toBeGreaterThan(96);
  });

  it('follows from the speed of each run, and what runs of other kinds cost beside it', () => {
    const progress = planProgress({ plan, parallel: 1 });
    const [lstm20, lstm50, fast20, fast50] = plan as [
      ...[PlannedRun, PlannedRun, PlannedRun, PlannedRun],
    ];
    start(progress, lstm20);
    work(progress, lstm20, 500);
    const second = 0.1 / updateCost(lstm20);
    const rest = [lstm50, fast20, fast50].reduce((sum, run) => sum + updateCost(run), 0);
    expect(progress.secondsLeft()).toBeCloseTo(50 + second * rest * 1000, 6);

    progress.hear(finished(lstm20, 80));
    start(progress, lstm50);
    const perCost = 0.08 / updateCost(lstm20);
    const left = [lstm50, fast20, fast50].reduce((sum, run) => sum + updateCost(run), 0);
    expect(progress.secondsLeft()).toBeCloseTo(perCost * left * 1000, 6);
  });

  it('is that of runs of the same kind, where there have been any', () => {
    const known = plan.map((run, i) => ({ run, result: resultOf(1000, 100 * (i + 1)) }));
    expect(planProgress({ plan, parallel: 1, known }).secondsLeft()).toBeCloseTo(1000, 6);
    expect(planProgress({ plan, parallel: 2, known }).secondsLeft()).toBeCloseTo(600, 6);
    expect(planProgress({ plan, parallel: 4, known }).secondsLeft()).toBeCloseTo(400, 6);
  });

  it('ends with the last of those side by side', () => {
    expect(lastEnd([], 2)).toBe(0);
    expect(lastEnd([5, 1, 1, 1], 2)).toBe(5);
    expect(lastEnd([1, 1, 1, 5], 2)).toBe(6);
    expect(lastEnd([1, 2], 8)).toBe(2);
  });

  it('is told as roughly as it is known', () => {
    expect([20, 70, 420, 3570, 7777].map(roughDuration)).toEqual([
      'less than a minute',
      'about 1 min',
      'about 7 min',
      'about 1 h 00 min',
      'about 2 h 10 min',
    ]);
  });
});

describe('the share that is done', () => {
  it('weighs runs by what they cost, and counts equal configs once', () => {
    const twins = plan.map((run) => ({ ...run, table: 'figure2' }));
    const progress = planProgress({ plan: [...plan, ...twins], parallel: 2 });
    const [lstm20] = plan as [PlannedRun];
    expect(progress.share()).toBe(0);
    start(progress, lstm20);
    work(progress, lstm20, 500);
    const all = plan.reduce((sum, run) => sum + updateCost(run), 0);
    expect(progress.share()).toBeCloseTo(updateCost(lstm20) / 2 / all, 10);
    progress.hear({ kind: 'failed', error: new Error('why'), ...at(lstm20) });
    expect(progress.share()).toBeCloseTo(updateCost(lstm20) / all, 10);
    for (const run of plan) progress.hear(finished(run, 1));
    expect(progress.share()).toBe(1);
  });
});

describe('what is drawn in place', () => {
  const twoAtWork = (): PlanProgress => {
    const progress = planProgress({ plan, parallel: 2 });
    for (const run of plan.slice(0, 2)) {
      start(progress, run);
      work(progress, run, 300);
    }
    return progress;
  };

  it('has a line for each run at work, its curve, and the whole plan', () => {
    const lines = liveView(twoAtWork(), undefined, { columns: 79, rows: 23 });
    const texts = lines.map(textOf);
    expect(texts[0]).toMatch(/^valid\. error, lstm 20, seed 1 +valid\. error, lstm 50, seed 1$/);
    expect(texts.slice(1, 9).join('\n')).toMatch(/ 100 %┤.*100 %┤/);
    expect(texts[9]).toMatch(
      /^ {2}1\/4 lstm +20 +1 +300\/1,000 +10\.0 +1\.000 85\.00 % +1 min 10 s$/,
    );
    expect(texts[10]).toMatch(/^ {2}2\/4 lstm +50 /);
    expect(texts[11]).toMatch(/^ {6}━+─+ +\d+ % {2}about \d+ min left {2}Ctrl-C saves and stops$/);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(79);
  });

  it.each([
    [79, 12, 3],
    [20, 10, 3],
    [79, 3, 3],
    [79, 2, 3],
  ])('has no curve in %i columns and %i rows', (columns, rows, height) => {
    const lines = liveView(twoAtWork(), undefined, { columns, rows });
    expect(lines.length).toBeLessThanOrEqual(height);
    expect(textOf(lines[0] ?? [])).toContain('1/4');
  });

  it('says that it is stopping in place of the time left', () => {
    const [last] = liveView(twoAtWork(), 'Stopping …', { columns: 79, rows: 23 }).slice(-1);
    expect(textOf(last ?? [])).toMatch(/ % {2}Stopping …$/);
  });
});
