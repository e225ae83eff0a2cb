import type { PlannedRun, RunResult } from '@fastweights/experiments';
import { roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { printLines } from '../terminal/print-lines.ts';
import type { ChosenTable } from './chosen-tables.ts';
import { idOf, printJson } from './json-display.ts';
import { roughDuration } from './live-view.ts';
import { planPage, planTableLines } from './plan-page.ts';
import { lastEnd } from './plan-progress.ts';
import type { ReproduceOptions } from './reproduce-options.ts';
import type { BegunRun, RunFolder } from './run-folder.ts';
import { defaultParallel } from './work-force.ts';

/** What there is of a plan before it is gone through. */
export interface PlanStates {
  /** What is not done. */
  readonly todo: readonly PlannedRun[];
  readonly done: ReadonlyMap<string, Done>;
  readonly begun: ReadonlyMap<string, BegunRun>;
}

interface Done {
  readonly run: PlannedRun;
  readonly result: RunResult;
}

/** What cannot be read is told when its turn comes. */
export async function planStates(
  plan: readonly PlannedRun[],
  runs: RunFolder,
): Promise<PlanStates> {
  const done = new Map<string, Done>();
  const begun = new Map<string, BegunRun>();
  for (const run of plan) {
    const found = await runs.find(run.hash).catch(() => undefined);
    if (typeof found === 'object') done.set(run.hash, { run, result: found });
    if (found !== 'begun') continue;
    const one = await runs.begun(run.hash).catch(() => undefined);
    begun.set(run.hash, one ?? { update: 0, errors: [], sessions: [] });
  }
  return { todo: plan.filter(({ hash }) => !done.has(hash)), done, begun };
}

/** Says what is going to be trained; in a dry run more of it. */
export async function showPlans(
  tables: readonly ChosenTable[],
  states: PlanStates,
  options: ReproduceOptions,
): Promise<void> {
  const { budget, dryRun = false, json = false } = options;
  const time = dryRun ? timeNeeded(states, options) : undefined;
  const columns = process.stdout.isTTY ? roomOf(process.stdout).columns : 100;
  for (const { table, plan } of tables) {
    const done = plan.filter(({ hash }) => states.done.has(hash)).length;
    const begun = plan.filter(({ hash }) => states.begun.has(hash)).length;
    if (json) {
      const planned = plan.map((run) => ({
        ...idOf(run),
        maxUpdates: run.config.training.maxUpdates,
      }));
      printJson({ event: 'plan', experiment: table.name, budget, done, begun, runs: planned });
      continue;
    }
    const page: Line[] = planPage({ table, plan, budget, done, begun }, columns);
    const cells = dryRun ? [...planTableLines(table, plan), ['']] : [];
    printLines([...page, ...cells]);
  }
  if (time === undefined) return;
  if (json) printJson({ event: 'time', seconds: time });
  else
    console.log(`That takes ${roughDuration(time)}, if all is as fast as the runs that are done.`);
}

/** How long it takes; known only where a run of every model and size has been timed. */
export function timeNeeded(
  { todo, done, begun }: PlanStates,
  { workers, parallel }: Pick<ReproduceOptions, 'workers' | 'parallel'>,
): number | undefined {
  const paces = new Map(
    [...done.values()].map(({ run, result }) => [kindOf(run), result.seconds / result.updates]),
  );
  const seconds = todo.map((run) => {
    const pace = paces.get(kindOf(run));
    const left = run.config.training.maxUpdates - (begun.get(run.hash)?.update ?? 0);
    return pace && pace * left;
  });
  if (todo.length === 0 || !seconds.every((one) => one !== undefined)) return undefined;
  return lastEnd(seconds, parallel ?? defaultParallel(workers));
}

const kindOf = ({ config, model, units }: PlannedRun): string =>
  [config.task, model, units].join(' ');
