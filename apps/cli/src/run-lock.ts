import { readFileSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOCK = '.fastweights-lock';
const held = new Set<string>();

export const isLock = (name: string): boolean => /^\.fastweights-lock(\.\d+)?$/.test(name);

const lockOf = (directory: string): string => path.resolve(directory, LOCK);

/** Takes the directory for this process; answers the process that has it, where another one does. */
export async function lockDirectory(directory: string): Promise<number | undefined> {
  const file = lockOf(directory);
  if (held.has(file)) return undefined;
  while (!(await createLock(file))) {
    const owner = await ownerOf(file);
    if (isOther(owner)) return owner;
    await removeDead(file, owner);
  }
  held.add(file);
  return undefined;
}

export function unlockDirectory(directory: string): void {
  const file = lockOf(directory);
  if (held.delete(file) && Number(readFileSync(file, 'utf8')) === process.pid) rmSync(file);
}

async function createLock(file: string): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (!handle) return false;
  try {
    await handle.writeFile(String(process.pid));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** NaN where nobody is named. */
async function ownerOf(file: string): Promise<number> {
  let text = await contentOf(file);
  // Whoever has just created it is about to write.
  for (let attempt = 0; text === '' && attempt < 10; attempt++) {
    await wait(20);
    text = await contentOf(file);
  }
  return /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether this is another process, and alive. */
function isOther(pid: number): boolean {
  if (Number.isNaN(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Two may find the same dead lock: the slower one must not remove the new lock of the quicker one. */
async function removeDead(file: string, owner: number): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (Object.is(await ownerOf(aside), owner)) await rm(aside, { force: true });
  else await rename(aside, file);
}
