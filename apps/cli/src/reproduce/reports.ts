import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { replaceFile } from '@fastweights/core/node';
import {
  createReport,
  type PaperTable,
  type PlannedRun,
  type ReproduceEvent,
  type RunOutcome,
  reportHtml,
  reportMarkdown,
} from '@fastweights/experiments';
import { version } from '../defaults.ts';
import { readSessions, type Session } from '../training-run/sessions.ts';
import { machineFacts, sourceCommit } from './machine.ts';
import type { RunFolder } from './run-folder.ts';

/** The report of a table, written anew whenever there is something new. */
export interface Reports {
  readonly files: { readonly html: string; readonly markdown: string; readonly json: string };
  /** Runs that are not planned now, and have been trained before: they belong to the table too. */
  readonly others: readonly RunOutcome[];
  hear(event: ReproduceEvent): void;
  outcomes(): readonly RunOutcome[];
  /** @throws FastWeightsError */
  write(): Promise<void>;
}

export interface ReportsOptions {
  readonly table: PaperTable;
  readonly plan: readonly PlannedRun[];
  /** The whole table, of which the plan may be a part. */
  readonly whole: readonly PlannedRun[];
  readonly runs: RunFolder;
  /** What to type for the same again: the runs of the plan, or all of the table. */
  readonly commands: { readonly plan: string; readonly whole: string };
}

export async function openReports(options: ReportsOptions): Promise<Reports> {
  const { table, plan, runs, commands } = options;
  const commit = await sourceCommit();
  const others = await foundOthers(options);
  const heard = new Map<string, RunOutcome>();
  const file = (name: string): string => path.join(runs.folder, name);
  const files = {
    html: file('report.html'),
    markdown: file('report.md'),
    json: file('report.json'),
  };
  // Runs of equal configs are one.
  const outcomes = (): RunOutcome[] =>
    plan.map((run): RunOutcome => {
      const outcome = heard.get(run.hash);
      return outcome ? { ...outcome, run } : { status: 'left', run };
    });
  return {
    files,
    others,
    outcomes,
    hear(event) {
      const outcome = outcomeOf(event);
      if (outcome) heard.set(event.run.hash, outcome);
    },
    async write() {
      const all = [...outcomes(), ...others];
      const report = createReport([{ table, outcomes: all }], {
        command: others.length > 0 ? commands.whole : commands.plan,
        date: new Date().toISOString(),
        software: `fastweights ${version}`,
        ...(commit !== undefined && { commit }),
        machine: machineFacts(await sessionsOf(all)),
      });
      try {
        await replaceFile(files.json, `${JSON.stringify(report, undefined, 2)}\n`);
        await replaceFile(files.markdown, reportMarkdown(report));
        await replaceFile(files.html, reportHtml(report));
      } catch (cause) {
        const why = (cause as Error).message;
        const message = `The report could not be written in ${runs.folder}: ${why}. The runs are kept; the same command writes it.`;
        throw new FastWeightsError('report', message, { cause });
      }
    },
  };
}

function outcomeOf(event: ReproduceEvent): RunOutcome | undefined {
  const { run } = event;
  if ('result' in event) return { status: 'done', run, result: event.result };
  return 'error' in event ? { status: 'failed', run, error: event.error } : undefined;
}

async function foundOthers({ plan, whole, runs }: ReportsOptions): Promise<RunOutcome[]> {
  const planned = new Set(plan.map(({ hash }) => hash));
  const found: RunOutcome[] = [];
  for (const run of whole.filter(({ hash }) => !planned.has(hash))) {
    const result = await runs.find(run.hash).catch(() => undefined);
    if (typeof result === 'object') found.push({ status: 'done', run, result });
  }
  return found;
}

async function sessionsOf(outcomes: readonly RunOutcome[]): Promise<Session[]> {
  const sessions: Session[] = [];
  for (const outcome of outcomes) {
    const directory = outcome.status === 'done' ? outcome.result.directory : undefined;
    if (directory !== undefined) sessions.push(...(await readSessions(directory)));
  }
  return sessions;
}
