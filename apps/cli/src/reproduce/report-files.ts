import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FastWeightsError } from '@fastweights/core';
import { lockFile, replaceFile, unlockFile } from '@fastweights/core/node';
import type { FigureReport, Report } from '@fastweights/experiments';

export interface ReportFiles {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
}

export const filesIn = (folder: string): ReportFiles => ({
  html: path.join(folder, 'report.html'),
  markdown: path.join(folder, 'report.md'),
  json: path.join(folder, 'report.json'),
});

/**
 * What somebody else has named so is not written over.
 *
 * @throws FastWeightsError
 */
export async function checkReportFiles(folder: string): Promise<void> {
  const { html, markdown, json } = filesIn(folder);
  const all = [html, markdown, json];
  const found = await Promise.all(all.map((file) => lstat(file).catch(() => undefined)));
  const names = all.filter((_, i) => found[i]).map((file) => path.basename(file));
  if (names.length === 0 || (await isOurs(json))) return;
  const message = `${folder} holds files that no report of ours belongs to (${names.join(', ')}), and they would be written over. Move them away, or choose another folder with --out.`;
  throw new FastWeightsError('report', message);
}

/** report.json is written first: where it is none of ours, neither are the others. */
async function isOurs(json: string): Promise<boolean> {
  try {
    const found = JSON.parse(await readFile(json, 'utf8')) as Partial<Report & FigureReport>;
    const { facts, tables, cells } = found;
    const isReport = Array.isArray(tables) || Array.isArray(cells);
    return typeof facts === 'object' && facts !== null && isReport;
  } catch {
    return false;
  }
}

/** How a report is made, and what is made of it. */
export interface ReportMaker<Made extends object> {
  /** Called when no other command is writing in the folder, so that the last of several tells of all that there is. */
  create(): Promise<Made>;
  html(report: Made): string;
  markdown(report: Made): string;
}

/** @throws FastWeightsError */
export async function writeReport<Made extends object>(
  folder: string,
  maker: ReportMaker<Made>,
): Promise<void> {
  const { html, markdown, json } = filesIn(folder);
  try {
    await alone(folder, async () => {
      const report = await maker.create();
      await replaceFile(json, `${JSON.stringify(report)}\n`);
      await replaceFile(markdown, maker.markdown(report));
      await replaceFile(html, maker.html(report));
    });
  } catch (cause) {
    const why = (cause as Error).message;
    const message = `The report could not be written in ${folder}: ${why}. The runs are kept; the same command writes it.`;
    throw new FastWeightsError('report', message, { cause });
  }
}

const LOCK = '.report.lock';
const BETWEEN_LOOKS = 50;
const MOST_LOOKS = 600;

async function alone(folder: string, work: () => Promise<void>): Promise<void> {
  const lock = path.join(folder, LOCK);
  let owner = await lockFile(lock);
  for (let looks = 0; owner !== undefined; looks++) {
    if (looks === MOST_LOOKS) throw new Error(`process ${owner} is writing it`);
    await wait(BETWEEN_LOOKS);
    owner = await lockFile(lock);
  }
  try {
    await work();
  } finally {
    unlockFile(lock);
  }
}
