import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openRun, type Run, RunError } from '../src/runs/index.ts';
import { options } from './runs-child.ts';

export { options, stateOf, weightsOf } from './runs-child.ts';

/** A new folder for each test, gone afterwards. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  return () => folder;
}

export async function whileOpen<Value>(
  directory: string,
  work: (run: Run) => Promise<Value>,
): Promise<Value> {
  const run = await openRun(directory, options);
  try {
    return await work(run);
  } finally {
    await run.close();
  }
}

export async function refusal(work: Promise<unknown>): Promise<RunError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => name.replace(/(tfevents)\..*/, '$1'))
        .sort()
    : [];
