import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { makeFolder } from '@fastweights/core/node';
import {
  ConfigError,
  nearest,
  type PaperTable,
  type PlannedRun,
  paperTables,
  planTable,
  type RunOutcome,
  reproduce,
} from '@fastweights/experiments';
import { exitCodes } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import { printable } from '../printable.ts';
import { idOf, jsonDisplay, printJson } from '../reproduce/json-display.ts';
import { amount, planPage, planTableLines } from '../reproduce/plan-page.ts';
import { openReports, type Reports } from '../reproduce/reports.ts';
import { type ReproduceDisplay, textDisplay } from '../reproduce/reproduce-display.ts';
import { commandOf, type ReproduceOptions } from '../reproduce/reproduce-options.ts';
import { resultLines } from '../reproduce/result-page.ts';
import { type RunFolder, runFolder } from '../reproduce/run-folder.ts';
import { runTraining } from '../reproduce/run-training.ts';
import { roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { painter } from '../terminal/style.ts';
import { canDraw } from '../training/training-display.ts';
import { UsageError } from '../usage-error.ts';

const STOPPING = 'Stopping after this update, and saving …';

/** Trains the runs of a table, reports after each of them, and answers the exit code. */
export async function reproduceCommand(
  experiment: string,
  options: ReproduceOptions,
): Promise<number> {
  const table = tableOf(experiment);
  const { plan, whole } = await plansOf(table, options);
  const runs = runFolder(options.out, experiment);
  await showPlan(table, plan, runs, options);
  if (options.dryRun) return exitCodes.done;

  await prepareFolder(runs.folder);
  const command = commandOf(experiment, options);
  const { models: _, units: __, ...all } = options;
  const commands = { plan: command, whole: commandOf(experiment, all) };
  const reports = await openReports({ table, plan, whole, runs, commands });
  const interruption = listenForSignals();
  const display = displayOf(table, options);
  interruption.signal.addEventListener('abort', () => display.notice(STOPPING));
  const outcomes = await goThrough(plan, { runs, reports, display, options }, interruption.signal);
  interruption.dispose();
  showEnd(table, outcomes, reports, options);

  const exitCode = interruption.exitCode();
  if (exitCode !== undefined && outcomes.some(({ status }) => status === 'left')) {
    if (!options.json) console.log(`Stopped; this goes on where it was:\n  ${command}`);
    return exitCode;
  }
  return outcomes.every(({ status }) => status === 'done') ? exitCodes.done : exitCodes.failure;
}

function tableOf(experiment: string): PaperTable {
  const table = Object.hasOwn(paperTables, experiment) ? paperTables[experiment] : undefined;
  if (table) return table;
  const names = Object.keys(paperTables);
  const close = nearest(experiment, names);
  throw new UsageError(
    `unknown experiment '${printable(experiment)}': there are ${names.join(', ')}.` +
      `${close === undefined ? '' : ` Did you mean ${close}?`}`,
  );
}

interface Plans {
  readonly plan: readonly PlannedRun[];
  /** All models and sizes of the table, where the settings are for all of them. */
  readonly whole: readonly PlannedRun[];
}

async function plansOf(
  table: PaperTable,
  { budget, models, units, seeds, set: settings = [] }: ReproduceOptions,
): Promise<Plans> {
  const same = { budget, settings, ...(seeds !== undefined && { seeds }) };
  try {
    const plan = await planTable(table, {
      ...same,
      ...(models && { models }),
      ...(units && { units }),
    });
    return { plan, whole: await planTable(table, same).catch(() => plan) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (cause) {
    const why = `${folder}: ${(cause as Error).message}`;
    const message = `Nothing can be saved in ${why}. Choose another folder with --out.`;
    throw new FastWeightsError('run', message, { cause });
  }
}

async function showPlan(
  table: PaperTable,
  plan: readonly PlannedRun[],
  runs: RunFolder,
  { budget, dryRun = false, json = false }: ReproduceOptions,
): Promise<void> {
  // What cannot be read is told when its turn comes.
  const found = await Promise.all(plan.map(({ hash }) => runs.find(hash).catch(() => undefined)));
  const done = found.filter((one) => typeof one === 'object').length;
  const begun = found.filter((one) => one === 'begun').length;
  if (json) {
    const planned = plan.map((run) => ({
      ...idOf(run),
      maxUpdates: run.config.training.maxUpdates,
    }));
    printJson({ event: 'plan', experiment: table.name, budget, done, begun, runs: planned });
    return;
  }
  const lines = planPage({ table, plan, budget, done, begun }, columns());
  printLines([...lines, ...(dryRun ? planTableLines(table, plan) : [])]);
}

function displayOf(table: PaperTable, { json, plain }: ReproduceOptions): ReproduceDisplay {
  return json ? jsonDisplay() : textDisplay(table, canDraw(process.stdout) && plain !== true);
}

interface Equipment {
  readonly runs: RunFolder;
  readonly reports: Reports;
  readonly display: ReproduceDisplay;
  readonly options: ReproduceOptions;
}

async function goThrough(
  plan: readonly PlannedRun[],
  { runs, reports, display, options }: Equipment,
  signal: AbortSignal,
): Promise<RunOutcome[]> {
  const { workers, backend, software = false, out } = options;
  const runOne = runTraining({
    ...{ runs, workers, backend, software },
    // `runs list` passes over folders with a dot.
    cache: path.join(out, '.images'),
    watcher: {
      onBegin: display.begin,
      onBackend: display.backend,
      onProgress: display.progress,
      onTest: display.test,
      note: display.note,
    },
  });
  try {
    const outcomes = await reproduce(plan, runOne, {
      store: runs,
      signal,
      async onEvent(event) {
        reports.hear(event);
        display.event(event);
        if (event.kind !== 'finished' && event.kind !== 'failed') return;
        // The last one must succeed.
        await reports.write().catch((error: Error) => display.note(error.message));
      },
    });
    await reports.write();
    return outcomes;
  } finally {
    display.close();
  }
}

function showEnd(
  table: PaperTable,
  outcomes: readonly RunOutcome[],
  { files, others }: Reports,
  { json = false }: ReproduceOptions,
): void {
  if (json) {
    printJson({ event: 'report', ...files });
    return;
  }
  const failed = outcomes.filter(({ status }) => status === 'failed');
  printLines([
    [''],
    ...resultLines(table, [...outcomes, ...others]),
    ...(failed.length > 0
      ? [[`${amount(failed.length, 'run')} failed; each gets another chance the next time.`]]
      : []),
    [''],
    [`Report: ${printable(files.html)}, and the same as .md and .json.`],
  ]);
}

const columns = (): number => (process.stdout.isTTY ? roomOf(process.stdout).columns : 100);

function printLines(lines: readonly Line[]): void {
  const paint = painter(process.stdout);
  for (const line of lines) console.log(paint(line).trimEnd());
}
