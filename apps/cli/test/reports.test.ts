import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { lockFile, unlockFile } from '@fastweights/core/node';
import {
  type PaperTable,
  type PlannedRun,
  paperTables,
  planTable,
  type Report,
  type RunResult,
} from '@fastweights/experiments';
import { openRun } from '@fastweights/trainers/runs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReports, type Reports } from '../src/reproduce/reports.ts';
import { type RunFolder, runFolder } from '../src/reproduce/run-folder.ts';

const table = paperTables['table1'] as PaperTable;
const options = { models: ['lstm', 'fast-weights'], units: [20, 50], seeds: 1 };

let out = '';
let whole: PlannedRun[] = [];
let plan: PlannedRun[] = [];
beforeEach(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'fastweights-reports-'));
  await mkdir(path.join(out, 'table1'));
  whole = await planTable(table, options);
  plan = whole.slice(0, 2);
});
afterEach(() => rm(out, { recursive: true, force: true }));

const resultOf = (testError: number): RunResult => ({
  ...{ updates: 10, seconds: 1, stopped: 'updates', testError, curve: [] },
  best: { validationError: testError, validationLoss: 1, update: 10 },
});

/** Another command's runs are put into `finished`. */
async function open(finished = new Map<string, RunResult>()): Promise<Reports> {
  const runs: RunFolder = {
    out,
    directoryOf: async () => '',
    find: async (hash) => finished.get(hash),
    begun: async () => undefined,
  };
  const commandOf = (name: string, isWhole: boolean): string => `${name} ${isWhole}`;
  return openReports({ tables: [{ table, plan, whole }], runs, commandOf });
}

const inTable = (name: string): string => path.join(out, 'table1', name);
const written = async (): Promise<Report> =>
  JSON.parse(await readFile(inTable('report.json'), 'utf8')) as Report;
const statuses = (report: Report): (string | undefined)[] =>
  whole.map((run) => report.tables[0]?.runs.find(({ hash }) => hash === run.hash)?.status);

describe('files that a report would replace', () => {
  it.each([
    ['report.html', 'mine'],
    ['report.md', '# mine'],
    ['report.json', '{"mine":1}'],
    ['report.json', '{"facts":{},"tables":'],
    ['report.json', 'null'],
    ['report.json', '{"facts":null,"tables":[]}'],
  ])('are left alone where they are none of ours: %s with %s', async (name, text) => {
    await writeFile(inTable(name), text);
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FastWeightsError);
    expect(refused).toMatchObject({ code: 'report' });
    const { message } = refused as Error;
    expect(message).toContain(`${inTable('')}`.replace(/\/$/, ''));
    expect(message).toContain(`(${name})`);
    expect(message).toMatch(/Move them away, or choose another folder with --out\.$/);
    expect(await readFile(inTable(name), 'utf8')).toBe(text);
  });

  it('are written anew where they are ours', async () => {
    await (await open()).write();
    await (await open()).write();
    expect((await readdir(inTable(''))).toSorted()).toEqual([
      ...['report.html', 'report.json', 'report.md'],
    ]);
  });
});

describe('a report', () => {
  it('has what others have finished meanwhile, planned here and not', async () => {
    const finished = new Map<string, RunResult>();
    const reports = await open(finished);
    const [first, second, third] = whole as [PlannedRun, PlannedRun, PlannedRun];
    const error = new Error('process 7 has it open');
    reports.hear({ kind: 'failed', run: first, index: 0, of: 2, error });
    await reports.write();
    expect(statuses(await written())).toEqual(['failed', 'left', undefined, undefined]);
    expect((await written()).facts.command).toBe('table1 false');
    for (const [i, run] of [first, second, third].entries()) {
      finished.set(run.hash, resultOf((i + 1) / 10));
    }
    await reports.write();
    expect(statuses(await written())).toEqual(['done', 'done', 'done', undefined]);
    expect((await written()).facts.command).toBe('table1 true');
    const outcomes = reports.outcomesOf({ table, plan, whole });
    expect(outcomes.map((one) => one.status === 'done' && one.result.testError)).toEqual([
      ...[0.1, 0.2, 0.3],
    ]);
  });

  it('is written once at a time, and the last one has all', async () => {
    const reports = await open();
    const writes = plan.map((run, index) => {
      reports.hear({ kind: 'finished', run, index, of: 2, result: resultOf(0.5) });
      return reports.write();
    });
    await Promise.all(writes);
    expect(statuses(await written())).toEqual(['done', 'done', undefined, undefined]);
    expect((await readdir(inTable(''))).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('of several commands at once has what each of them has finished', async () => {
    const finished = new Map<string, RunResult>();
    const commands = await Promise.all(whole.map(() => open(finished)));
    await Promise.all(
      whole.map(async (run, i) => {
        finished.set(run.hash, resultOf(0.5));
        await commands[i]?.write();
      }),
    );
    expect(statuses(await written())).toEqual(['done', 'done', 'done', 'done']);
  });

  it('waits until another command has written its own', async () => {
    const reports = await open();
    const lock = inTable('.report.lock');
    await lockFile(lock);
    let isWritten = false;
    const writing = reports.write().then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isWritten).toBe(false);
    unlockFile(lock);
    await writing;
    expect(isWritten).toBe(true);
  });
});

describe('a folder of runs', () => {
  it('has those of a link to another folder, and passes over links to nothing', async () => {
    const [run] = whole as [PlannedRun];
    const elsewhere = path.join(out, '.elsewhere');
    const { config, hash } = run;
    const place = path.join(elsewhere, hash.slice(0, 16));
    await mkdir(elsewhere);
    await (await openRun(place, { config, hash, create: true })).close();
    await symlink(elsewhere, path.join(out, 'linked'), 'junction');
    await symlink(path.join(out, 'nothing'), path.join(out, 'gone'), 'junction');
    const runs = runFolder(out);
    expect(await runs.find(hash)).toBe('begun');
    expect(await runs.directoryOf(run)).toBe(path.join(out, 'linked', hash.slice(0, 16)));
  });
});
