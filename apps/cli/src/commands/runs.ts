import { listRuns, RunError, readRun } from '@fastweights/trainers/runs';
import { exitCodes } from '../exit-codes.ts';
import { printable, printableJson } from '../printable.ts';
import { type RunSummary, summariseRun } from '../run-records/run-summary.ts';
import { comparePage, differences, listPage, showPage } from '../run-records/runs-pages.ts';
import { roomOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';
import { UsageError } from '../usage-error.ts';

export interface RunsOptions {
  readonly json?: boolean;
}

/** All runs below a folder; 1 if some are damaged. */
export async function listCommand(folder: string, { json }: RunsOptions): Promise<number> {
  const { runs, unreadable } = await listRuns(folder);
  const summaries: RunSummary[] = [];
  const faults: unknown[] = [...unreadable];
  for (const record of runs) {
    try {
      summaries.push((await summariseRun(record)).summary);
    } catch (error) {
      faults.push(error);
    }
  }
  if (json) for (const summary of summaries) console.log(printableJson(summary));
  else if (summaries.length === 0) console.log(`There are no runs in ${printable(folder)}.`);
  else printLines(listPage(summaries));
  for (const fault of faults) {
    const kind = isForeign(fault) ? 'note' : 'error';
    console.error(`${kind}: ${printable((fault as Error).message)}`);
  }
  return faults.every(isForeign) ? exitCodes.done : exitCodes.failure;
}

/** Others may keep what they like beside runs. */
const isForeign = (error: unknown): boolean =>
  error instanceof RunError && error.problem === 'foreign';

export async function showCommand(directory: string, { json }: RunsOptions): Promise<number> {
  const record = await readRun(directory);
  const run = await summariseRun(record);
  if (json) {
    const { config, versions, result } = record;
    const metrics = run.summary.agent ? run.agentMetrics : run.metrics;
    console.log(printableJson({ ...run.summary, config, versions, result, metrics }));
  } else {
    printLines(showPage(run, columns()));
  }
  return exitCodes.done;
}

export async function compareCommand(
  directories: readonly string[],
  { json }: RunsOptions,
): Promise<number> {
  if (directories.length < 2) throw new UsageError('Name two runs or more to compare.');
  const runs: RunSummary[] = [];
  for (const directory of directories) {
    runs.push((await summariseRun(await readRun(directory))).summary);
  }
  if (json) console.log(printableJson({ differences: differences(runs), runs }));
  else printLines(comparePage(runs, columns()));
  return exitCodes.done;
}

const columns = (): number => (process.stdout.isTTY ? roomOf(process.stdout).columns : 100);
