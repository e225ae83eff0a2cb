import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { atExit } from './at-exit.ts';
import { printable } from './printable.ts';
import { parseConfig } from './run-config.ts';
import {
  CONFIG,
  isTemporary,
  OURS,
  refusal,
  refuseDirectories,
  removeTemporaries,
  temporary,
} from './run-files.ts';
import { isLock, lockDirectory, unlockDirectory } from './run-lock.ts';

const OTHER_PLACE = 'Choose another directory with --out.';

/**
 * Makes sure, before hours are spent, that a run can be saved here, and that nobody else does before this process ends;
 * says whether it will replace one.
 *
 * @throws FastWeightsError
 */
export async function prepareRunDirectory(directory: string): Promise<{ holdsRun: boolean }> {
  const place = printable(directory);
  if (await isFile(directory)) throw refusal(`${place} is a file. ${OTHER_PLACE}`);
  await orRefuse(directory, () => createDirectory(directory));
  await inspect(directory);
  const owner = await orRefuse(directory, () => lockDirectory(directory));
  if (owner !== undefined) {
    throw refusal(
      `Another training (process ${owner}) saves into ${place}; wait for it, or choose another place with --out.`,
    );
  }
  atExit(() => leave(directory));
  // Whoever had the lock may have saved a run meanwhile.
  const found = await inspect(directory);
  await orRefuse(directory, () => removeTemporaries(directory, isTemporary));
  return found;
}

async function orRefuse<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = printable(`${directory}: ${(error as Error).message}`);
    throw refusal(`Nothing can be saved in ${why}. ${OTHER_PLACE}`);
  }
}

async function createDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first !== undefined) atExit(() => removeEmpty(directory, first));
}

/** Looks, and changes nothing: the directory may be a stranger's. */
async function inspect(directory: string): Promise<{ holdsRun: boolean }> {
  const names = await orRefuse(directory, () => readdir(directory));
  if (names.includes(CONFIG)) {
    await checkRun(directory);
    return { holdsRun: true };
  }
  // The files of a run that was killed as it was saved have its lock beside them; others are not ours.
  const isOurs = (name: string): boolean =>
    OURS.includes(name) || isTemporary(name) || isLock(name);
  const foreign = names.some(isLock) ? names.filter((name) => !isOurs(name)) : names;
  if (foreign.length > 0) {
    const some = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', …' : '');
    const what = printable(`${directory} is no run, but holds other files (${some}).`);
    throw refusal(`${what} ${OTHER_PLACE}`);
  }
  return { holdsRun: false };
}

async function checkRun(directory: string): Promise<void> {
  const file = path.join(directory, CONFIG);
  try {
    parseConfig(await readFile(file, 'utf8'), file);
    await refuseDirectories(directory);
  } catch (error) {
    const why = printable((error as Error).message);
    throw refusal(`${why} It will not be overwritten. ${OTHER_PLACE}`);
  }
}

/** What is done in a prepared directory when the process ends. */
function leave(directory: string): void {
  for (const name of OURS) rmSync(path.join(directory, temporary(name)), { force: true });
  // Ended between the old run and the new one, the lock stays and says whose files these are.
  const has = (name: string): boolean => existsSync(path.join(directory, name));
  if (has(CONFIG) || !OURS.some(has)) unlockDirectory(directory);
}

/** Removes the directory, and those that were created for it, while they are empty. */
export function removeEmpty(directory: string, first: string): void {
  const top = path.resolve(first);
  for (let at = path.resolve(directory); at.startsWith(top); at = path.dirname(at)) rmdirSync(at);
}

async function isFile(directory: string): Promise<boolean> {
  try {
    return !(await stat(directory)).isDirectory();
  } catch {
    return false;
  }
}
