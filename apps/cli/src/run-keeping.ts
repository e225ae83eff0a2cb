import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { atExit, runExitTasks } from './at-exit.ts';
import { printable } from './printable.ts';
import { besideFinished, type Run, type SavedResult, saveRun } from './run-directory.ts';
import { prepareRunDirectory, removeEmpty } from './run-preparation.ts';

/**
 * Saves a trained run in the directory, or beside it, and answers where.
 *
 * @throws FastWeightsError where it could not; the run is then in a temporary directory, if it could be saved there.
 */
export async function keepRun(
  out: string,
  isBeside: boolean,
  run: Run,
  result: SavedResult,
): Promise<string> {
  try {
    const directory = isBeside ? await createBeside(out) : out;
    await saveRun(directory, run, result);
    runExitTasks();
    return directory;
  } catch (cause) {
    const { message } = cause as Error;
    throw new FastWeightsError('run', `${message} ${await rescue(run, result)}`, { cause });
  }
}

async function createBeside(out: string): Promise<string> {
  const directory = await createFree(besideFinished(out));
  await prepareRunDirectory(directory);
  return directory;
}

/** A new directory of this name, with a number where the name is taken. */
async function createFree(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const directory = number === 1 ? name : `${name}-${number}`;
    try {
      await mkdir(directory);
      atExit(() => removeEmpty(directory, directory));
      return directory;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      const why = printable(`${directory}: ${message}`);
      throw new FastWeightsError('run', `The run could not be saved in ${why}.`);
    }
  }
}

/** Says where the run is instead. */
async function rescue(run: Run, result: SavedResult): Promise<string> {
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'fastweights-'));
    atExit(() => removeEmpty(directory, directory));
    await saveRun(directory, run, result);
    return `It is in ${printable(directory)} instead.`;
  } catch (error) {
    return `Nor anywhere else: ${printable((error as Error).message)}`;
  }
}
