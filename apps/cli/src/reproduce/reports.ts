import path from 'node:path';
import {
  createReport,
  type PlannedRun,
  type Report,
  type ReproduceEvent,
  type RunOutcome,
  type RunResult,
  reportHtml,
  reportMarkdown,
} from '@fastweights/experiments';
import { version } from '../defaults.ts';
import { turnstile } from '../training-run/turnstile.ts';
import { ALL, type ChosenTable } from './chosen-tables.ts';
import { machineFacts, sessionsOf, sourceCommit } from './machine.ts';
import { checkReportFiles, filesIn, type ReportFiles, writeReport } from './report-files.ts';
import type { RunFolder } from './run-folder.ts';

/** Reports of some tables, written anew whenever there is something new. */
export interface Reports {
  /** Of each table, in their order; then of all of them, where there are several. */
  readonly files: readonly ReportFiles[];
  /** What came of a table's runs, those that another command has trained and that are not planned now too. */
  outcomesOf(table: ChosenTable): readonly RunOutcome[];
  hear(event: ReproduceEvent): void;
  /**
   * One after the other; each looks again for what other commands have finished meanwhile.
   *
   * @throws FastWeightsError
   */
  write(): Promise<void>;
}

export interface ReportsOptions {
  readonly tables: readonly ChosenTable[];
  readonly runs: RunFolder;
  /** What to type for the same again: the runs of the plan, or all of the table where others are there too. */
  commandOf(experiment: string, isWhole: boolean): string;
}

/** @throws FastWeightsError where files of others are in the way */
export async function openReports({ tables, runs, commandOf }: ReportsOptions): Promise<Reports> {
  const reports = tables.map((one) => ({
    ...{ tables: [one], name: one.table.name },
    folder: path.join(runs.out, one.table.name),
  }));
  if (tables.length > 1) reports.push({ tables: [...tables], name: ALL, folder: runs.out });
  for (const { folder } of reports) await checkReportFiles(folder);
  const commit = await sourceCommit();
  const known = knownOutcomes(runs);
  await known.lookFor(tables.flatMap(othersOf));
  const writing = turnstile();

  async function reportOf(name: string, own: readonly ChosenTable[]): Promise<Report> {
    await known.lookFor(own.flatMap((one) => [...one.plan, ...othersOf(one)]));
    const parts = own.map((one) => ({ table: one.table, outcomes: known.of(one) }));
    const sessions = await sessionsOf(directoriesOf(parts.flatMap(({ outcomes }) => outcomes)));
    const isWhole = own.some((one, i) => (parts[i]?.outcomes.length ?? 0) > one.plan.length);
    return createReport(parts, {
      command: commandOf(name, isWhole),
      date: new Date().toISOString(),
      software: `fastweights ${version}`,
      ...(commit !== undefined && { commit }),
      machine: machineFacts(sessions),
    });
  }
  return {
    files: reports.map(({ folder }) => filesIn(folder)),
    outcomesOf: known.of,
    hear: known.hear,
    async write() {
      const leave = await writing.enter();
      try {
        for (const { name, tables, folder } of reports) {
          await writeReport(folder, {
            create: () => reportOf(name, tables),
            html: reportHtml,
            markdown: reportMarkdown,
          });
        }
      } finally {
        leave();
      }
    },
  };
}

interface KnownOutcomes {
  of(table: ChosenTable): RunOutcome[];
  hear(event: ReproduceEvent): void;
  /** Another process may have finished a run that this one could not open, or did not come to. */
  lookFor(wanted: readonly PlannedRun[]): Promise<void>;
}

/** By the hashes of runs: those of equal configs are one. */
function knownOutcomes(runs: RunFolder): KnownOutcomes {
  const done = new Map<string, RunResult>();
  const failed = new Map<string, unknown>();
  const outcomeOf = (run: PlannedRun): RunOutcome => {
    const result = done.get(run.hash);
    if (result) return { status: 'done', run, result };
    const isFailed = failed.has(run.hash);
    return isFailed
      ? { status: 'failed', run, error: failed.get(run.hash) }
      : { status: 'left', run };
  };
  return {
    of: (one) => [
      ...one.plan.map(outcomeOf),
      ...othersOf(one)
        .map(outcomeOf)
        .filter(({ status }) => status === 'done'),
    ],
    hear(event) {
      if ('result' in event) done.set(event.run.hash, event.result);
      if ('error' in event) failed.set(event.run.hash, event.error);
    },
    async lookFor(wanted) {
      for (const { hash } of wanted) {
        if (done.has(hash)) continue;
        const found = await runs.find(hash).catch(() => undefined);
        if (typeof found === 'object') done.set(hash, found);
      }
    },
  };
}

/** Runs of the table that are not planned now. */
function othersOf({ plan, whole }: ChosenTable): PlannedRun[] {
  const planned = new Set(plan.map(({ hash }) => hash));
  return whole.filter(({ hash }) => !planned.has(hash));
}

const directoriesOf = (outcomes: readonly RunOutcome[]): (string | undefined)[] =>
  outcomes.map((outcome) => (outcome.status === 'done' ? outcome.result.directory : undefined));
