import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { threadId } from 'node:worker_threads';

/** Writes all or nothing: whoever looks meanwhile, or after a power cut, finds the old file or the new one. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryOf(file);
  try {
    await writeDurably(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

let temporaries = 0;

/** A name of its own for each writer: two that write one file at once must not write into one another's. */
const temporaryOf = (file: string): string =>
  `${file}.${process.pid}-${threadId}-${temporaries++}.new`;

/** Writes a file, and answers when it is on the disk; its name lasts once the folder is synced. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, to last through a power cut; answers the first that was not there. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const place = path.resolve(folder);
  const first = await mkdir(place, { recursive: true });
  if (first === undefined) return undefined;
  for (let at = place; at.length >= first.length; at = path.dirname(at)) {
    await syncFolder(path.dirname(at));
  }
  return first;
}

/** Makes new names last through a power cut, where folders can be synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Writes all of it, in as many calls as the system wants. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const rest = bytes.length - written;
    written += (await handle.write(bytes, written, rest, at + written)).bytesWritten;
  }
}

/** Undefined instead of an error, where there is nothing of that name. */
export async function ifThere<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
