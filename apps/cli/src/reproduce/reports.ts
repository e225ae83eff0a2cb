import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { replaceFile } from '@fastweights/core/node';
import {
  createReport,
  type ReproduceEvent,
  type RunOutcome,
  reportHtml,
  reportMarkdown,
} from '@fastweights/experiments';
import { version } from '../defaults.ts';
import { readSessions, type Session } from '../training-run/sessions.ts';
import { ALL, type ChosenTable } from './chosen-tables.ts';
import { machineFacts, sourceCommit } from './machine.ts';
import type { RunFolder } from './run-folder.ts';

interface ReportFiles {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
}

/** Reports of some tables, written anew whenever there is something new. */
export interface Reports {
  /** Of each table, in their order; then of all of them, where there are several. */
  readonly files: readonly ReportFiles[];
  /** What came of a table's runs, those that an earlier command has trained and that are not planned now too. */
  outcomesOf(table: ChosenTable): readonly RunOutcome[];
  hear(event: ReproduceEvent): void;
  /** @throws FastWeightsError */
  write(): Promise<void>;
}

export interface ReportsOptions {
  readonly tables: readonly ChosenTable[];
  readonly runs: RunFolder;
  /** What to type for the same again: the runs of the plan, or all of the table where others are there too. */
  commandOf(experiment: string, isWhole: boolean): string;
}

export async function openReports({ tables, runs, commandOf }: ReportsOptions): Promise<Reports> {
  const commit = await sourceCommit();
  const others = new Map<ChosenTable, readonly RunOutcome[]>();
  for (const one of tables) others.set(one, await foundOthers(one, runs));
  const heard = new Map<string, RunOutcome>();
  // Runs of equal configs are one.
  const outcomesOf = (one: ChosenTable): RunOutcome[] => [
    ...one.plan.map((run): RunOutcome => {
      const outcome = heard.get(run.hash);
      return outcome ? { ...outcome, run } : { status: 'left', run };
    }),
    ...(others.get(one) ?? []),
  ];
  const reports = tables.map((one) => ({
    tables: [one],
    folder: path.join(runs.out, one.table.name),
    command: commandOf(one.table.name, (others.get(one) ?? []).length > 0),
  }));
  if (tables.length > 1) {
    const isWhole = [...others.values()].some((found) => found.length > 0);
    reports.push({ tables: [...tables], folder: runs.out, command: commandOf(ALL, isWhole) });
  }
  return {
    files: reports.map(({ folder }) => filesIn(folder)),
    outcomesOf,
    hear(event) {
      const outcome = outcomeOf(event);
      if (outcome) heard.set(event.run.hash, outcome);
    },
    async write() {
      for (const { tables, folder, command } of reports) {
        const parts = tables.map((one) => ({ table: one.table, outcomes: outcomesOf(one) }));
        const sessions = await sessionsOf(parts.flatMap(({ outcomes }) => outcomes));
        const report = createReport(parts, {
          command,
          date: new Date().toISOString(),
          software: `fastweights ${version}`,
          ...(commit !== undefined && { commit }),
          machine: machineFacts(sessions),
        });
        const { html, markdown, json } = filesIn(folder);
        await guarded(folder, async () => {
          await replaceFile(json, `${JSON.stringify(report)}\n`);
          await replaceFile(markdown, reportMarkdown(report));
          await replaceFile(html, reportHtml(report));
        });
      }
    },
  };
}

const filesIn = (folder: string): ReportFiles => ({
  html: path.join(folder, 'report.html'),
  markdown: path.join(folder, 'report.md'),
  json: path.join(folder, 'report.json'),
});

async function guarded(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const why = (cause as Error).message;
    const message = `The report could not be written in ${folder}: ${why}. The runs are kept; the same command writes it.`;
    throw new FastWeightsError('report', message, { cause });
  }
}

function outcomeOf(event: ReproduceEvent): RunOutcome | undefined {
  const { run } = event;
  if ('result' in event) return { status: 'done', run, result: event.result };
  return 'error' in event ? { status: 'failed', run, error: event.error } : undefined;
}

/** Runs of the table that are done, and not planned now. */
async function foundOthers(
  { plan, whole }: ChosenTable,
  runs: RunFolder,
): Promise<readonly RunOutcome[]> {
  const planned = new Set(plan.map(({ hash }) => hash));
  const found: RunOutcome[] = [];
  for (const run of whole.filter(({ hash }) => !planned.has(hash))) {
    const result = await runs.find(run.hash).catch(() => undefined);
    if (typeof result === 'object') found.push({ status: 'done', run, result });
  }
  return found;
}

async function sessionsOf(outcomes: readonly RunOutcome[]): Promise<Session[]> {
  const sessions = new Map<string, readonly Session[]>();
  for (const outcome of outcomes) {
    const directory = outcome.status === 'done' ? outcome.result.directory : undefined;
    if (directory === undefined || sessions.has(directory)) continue;
    sessions.set(directory, await readSessions(directory));
  }
  return [...sessions.values()].flat();
}
