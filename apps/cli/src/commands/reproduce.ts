import path from 'node:path';
import { type PlannedRun, reproduce } from '@fastweights/experiments';
import { exitCodes } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import { printable } from '../printable.ts';
import { type ChosenTable, chosenTables, leftOut } from '../reproduce/chosen-tables.ts';
import { jsonDisplay, printJson } from '../reproduce/json-display.ts';
import { amount } from '../reproduce/plan-page.ts';
import { type PlanProgress, planProgress } from '../reproduce/plan-progress.ts';
import { planStates, showPlans } from '../reproduce/plan-states.ts';
import { prepareFolders } from '../reproduce/prepare-folders.ts';
import { openReports, type Reports } from '../reproduce/reports.ts';
import { type ReproduceDisplay, textDisplay } from '../reproduce/reproduce-display.ts';
import { commandOf, type ReproduceOptions } from '../reproduce/reproduce-options.ts';
import { resultLines } from '../reproduce/result-page.ts';
import { type RunFolder, runFolder } from '../reproduce/run-folder.ts';
import { runTraining } from '../reproduce/run-training.ts';
import { checkParallel, type WorkForce, workForce } from '../reproduce/work-force.ts';
import type { Line } from '../terminal/line.ts';
import { printLines } from '../terminal/print-lines.ts';
import { canDraw } from '../training/training-display.ts';
import { UsageError } from '../usage-error.ts';

const STOPPING = 'Stopping, and saving …';

/** Trains the runs of a table, or of all, reports after each of them, and answers the exit code. */
export async function reproduceCommand(
  experiment: string,
  options: ReproduceOptions,
): Promise<number> {
  checkOfTables(options);
  checkParallel(options);
  const tables = await chosenTables(experiment, options);
  const plan = distinct(tables.flatMap((one) => one.plan));
  const runs = runFolder(options.out);
  const states = await planStates(plan, runs);
  await showPlans(tables, states, options);
  if (options.dryRun) return exitCodes.done;

  await prepareFolders([
    options.out,
    ...tables.map((one) => path.join(options.out, one.table.name)),
  ]);
  const { models: _, units: __, seeds: ___, ...all } = options;
  const reports = await openReports({
    ...{ tables, runs },
    commandOf: (name, isWhole) => commandOf(name, isWhole ? all : options),
  });
  const force = await workForce(states.todo, runs, options);
  const known = tables
    .flatMap((one) => reports.outcomesOf(one))
    .flatMap((outcome) => (outcome.status === 'done' ? [outcome] : []));
  const display = displayOf(planProgress({ plan, parallel: force.parallel, known }), options);
  for (const name of leftOut(experiment, tables)) {
    display.note(`${name} has none of these models and sizes: it is left out.`);
  }
  showForce(force, states.todo.length, display, options);

  const interruption = listenForSignals();
  interruption.signal.addEventListener('abort', () => display.notice(STOPPING));
  const equipment = { runs, reports, display, force, options };
  await goThrough(plan, equipment, interruption.signal);
  interruption.dispose();
  showEnd(tables, reports, options);

  // Those of the reports: what another command has finished meanwhile is done.
  const outcomes = tables.flatMap((one) => reports.outcomesOf(one));
  const exitCode = interruption.exitCode();
  if (exitCode !== undefined && outcomes.some(({ status }) => status === 'left')) {
    const command = commandOf(experiment, options);
    if (!options.json) console.log(`Stopped; this goes on where it was:\n  ${command}`);
    return exitCode;
  }
  return outcomes.every(({ status }) => status === 'done') ? exitCodes.done : exitCodes.failure;
}

/** @throws UsageError */
function checkOfTables({ board, trials, frames }: ReproduceOptions): void {
  const names = Object.entries({ board, trials, frames });
  const [name] = names.find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new UsageError(`--${name} is for figure5 alone.`);
}

/** Runs of equal configs are one, in however many tables they stand. */
const distinct = (plan: readonly PlannedRun[]): PlannedRun[] =>
  plan.filter(({ hash }, i) => plan.findIndex((run) => run.hash === hash) === i);

function displayOf(plan: PlanProgress, { json, plain }: ReproduceOptions): ReproduceDisplay {
  return json ? jsonDisplay(plan) : textDisplay(plan, canDraw(process.stdout) && plain !== true);
}

function showForce(
  { parallel, notes }: WorkForce,
  todo: number,
  display: ReproduceDisplay,
  { json = false }: ReproduceOptions,
): void {
  for (const note of notes) display.note(note);
  if (todo === 0) return;
  if (json) printJson({ event: 'parallel', runs: parallel });
  else if (parallel > 1) printLines([[['faint', `${parallel} runs at a time.`]]]);
}

interface Equipment {
  readonly runs: RunFolder;
  readonly reports: Reports;
  readonly display: ReproduceDisplay;
  readonly force: WorkForce;
  readonly options: ReproduceOptions;
}

async function goThrough(
  plan: readonly PlannedRun[],
  { runs, reports, display, force, options }: Equipment,
  signal: AbortSignal,
): Promise<void> {
  const { workers, backend, software = false, out } = options;
  const { parallel, firstBackend } = force;
  const runOne = runTraining({
    ...{ runs, workers, backend, firstBackend, software },
    ownThread: parallel > 1,
    // `runs list` passes over folders with a dot.
    cache: path.join(out, '.images'),
    watcher: display,
  });
  try {
    await reproduce(plan, runOne, {
      ...{ store: runs, signal, parallel },
      async onEvent(event) {
        reports.hear(event);
        display.event(event);
        if (event.kind !== 'finished' && event.kind !== 'failed') return;
        // The last one must succeed.
        await reports.write().catch((error: Error) => display.note(error.message));
      },
    });
    await reports.write();
  } finally {
    display.close();
  }
}

function showEnd(
  tables: readonly ChosenTable[],
  reports: Reports,
  { json = false }: ReproduceOptions,
): void {
  if (json) {
    for (const files of reports.files) printJson({ event: 'report', ...files });
    return;
  }
  const outcomes = tables.flatMap((one) => reports.outcomesOf(one));
  const failures = outcomes.filter(({ status }) => status === 'failed');
  const failed = distinct(failures.map(({ run }) => run)).length;
  const last = reports.files.at(-1)?.html ?? '';
  printLines([
    ...tables.flatMap((one): Line[] => [
      [''],
      ...(tables.length > 1 ? [[['strong', one.table.title]] as Line] : []),
      ...resultLines(one.table, reports.outcomesOf(one)),
    ]),
    ...(failed > 0
      ? [[`${amount(failed, 'run')} failed; each gets another chance the next time.`]]
      : []),
    [''],
    [`Report: ${printable(last)}, and the same as .md and .json.`],
  ]);
}
