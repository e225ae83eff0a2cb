import { link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { printable } from './printable.ts';

export interface NewFileOptions {
  /** Whether a file of this name may be replaced. */
  readonly force: boolean;
}

const refusal = (message: string, options?: ErrorOptions): FastWeightsError =>
  new FastWeightsError('file', message, options);

let writes = 0;

/**
 * To be asked before long work whose result goes there.
 *
 * @throws FastWeightsError where the file could not be written
 */
export async function checkNewFile(file: string, { force }: NewFileOptions): Promise<void> {
  const shown = printable(file);
  const folder = path.dirname(path.resolve(file));
  const isFolder = await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (!isFolder)
    throw refusal(`There is no folder ${printable(folder)} for ${path.basename(shown)}.`);
  const there = await lstat(file).catch(() => undefined);
  if (!there) return;
  const meant = await stat(file).catch(() => there);
  if (!meant.isFile() && !meant.isSymbolicLink()) throw refusal(`${shown} is no file.`);
  if (!force) throw exists(file);
}

/**
 * Writes all of it or nothing: whoever looks meanwhile finds what was there before. What a link leads to is replaced, not
 * the link.
 *
 * @throws FastWeightsError
 */
export async function writeNewFile(
  file: string,
  bytes: Uint8Array,
  options: NewFileOptions,
): Promise<void> {
  await checkNewFile(file, options);
  const target = await realpath(file).catch(() => path.resolve(file));
  const own = `${process.pid}-${writes++}`;
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${own}.tmp`);
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (options.force ? rename(temporary, target) : giveFreeName(temporary, target));
  } catch (cause) {
    if (cause instanceof FastWeightsError) throw cause;
    const why = printable((cause as Error).message).replace(/\.$/, '');
    throw refusal(`${printable(file)} could not be written: ${why}.`, { cause });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** A link fails where somebody was quicker, and a renaming would not; not every file system has links. */
async function giveFreeName(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(target);
    await rename(temporary, target);
  }
}

const exists = (file: string): FastWeightsError =>
  refusal(`${printable(file)} is there already. Name another file, or add --force to replace it.`);
