import { constants, readFileSync, rmSync } from 'node:fs';
import { copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { ifThere } from './durable.ts';

// A lock is a file with the id of the process that holds it and, where the system tells, when that process began: after
// a restart of the machine, or in another container, the same id is soon another's.

const held = new Set<string>();
const releaseAll = (): void => {
  for (const file of held) release(file);
};

/** Takes a file for one task of this process; answers which process has it, where one that is alive does. */
export async function lockFile(name: string): Promise<number | undefined> {
  const file = path.resolve(name);
  if (held.has(file)) return process.pid;
  hold(file);
  try {
    while (!(await createLock(file))) {
      const text = await contentOf(file);
      const owner = ownerAlive(text);
      if (owner !== undefined) {
        letGo(file);
        return owner;
      }
      await removeDead(file, text);
    }
    return undefined;
  } catch (error) {
    letGo(file);
    throw error;
  }
}

/** Who holds the lock, this process or another one that is alive; nothing is changed. */
export async function lockOwner(name: string): Promise<number | undefined> {
  if (held.has(path.resolve(name))) return process.pid;
  return ownerAlive(await contentOf(name));
}

export function unlockFile(name: string): void {
  const file = path.resolve(name);
  if (!held.has(file)) return;
  letGo(file);
  release(file);
}

function hold(file: string): void {
  if (held.size === 0) process.once('exit', releaseAll);
  held.add(file);
}

function letGo(file: string): void {
  held.delete(file);
  if (held.size === 0) process.off('exit', releaseAll);
}

function release(file: string): void {
  try {
    if (pidOf(readFileSync(file, 'utf8')) === process.pid) rmSync(file);
  } catch {
    // It is gone, or cannot be removed: then it is a dead one's once this process has ended.
  }
}

/** The lock is there with its owner in it, or not at all: an empty one would be taken for a dead one's. */
async function createLock(file: string): Promise<boolean> {
  const own = asideOf(file);
  try {
    await writeFile(own, `${process.pid} ${beginningOf(process.pid) ?? ''}`.trimEnd());
    await linkOrCopy(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true }).catch(() => undefined);
  }
}

/** Not every file system has links; where a copy is left half written, nobody is in it. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (!NO_LINKS.includes(error.code ?? '')) throw error;
    return copyFile(from, to, constants.COPYFILE_EXCL);
  });
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

const asideOf = (file: string): string => `${file}.${process.pid}-${threadId}`;

/** Empty where there is no lock, or nobody in it. */
async function contentOf(file: string): Promise<string> {
  let text = await ifThere(readFile(file, 'utf8'));
  // Whoever has just created it is about to write.
  for (let attempt = 0; text === '' && attempt < 10; attempt++) {
    await wait(20);
    text = await ifThere(readFile(file, 'utf8'));
  }
  return text ?? '';
}

const pidOf = (text: string): number => Number(/^[1-9]\d{0,9}(?= |$)/.exec(text)?.[0] ?? 0);

/** The process that a lock names, if it is alive. */
function ownerAlive(text: string): number | undefined {
  const pid = pidOf(text);
  if (pid === 0) return undefined;
  const since = beginningOf(pid);
  const [, began] = text.split(' ');
  if (since !== undefined && began !== undefined) return since === began ? pid : undefined;
  // What this process holds it knows; its id was another's before.
  if (pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}

/** When a process began, where Linux tells: the boot of the machine, and ticks after it; empty for one that has ended. */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in parentheses, may hold spaces; the beginning is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isZombie = fields[0] === 'Z';
    return isZombie ? '' : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Two may find the same dead lock: the slower one must not remove the new lock of the quicker one. */
async function removeDead(file: string, text: string): Promise<void> {
  const aside = asideOf(file);
  const moved = await ifThere(rename(file, aside).then(() => true));
  if (!moved) return;
  if ((await contentOf(aside)) === text) await rm(aside, { force: true });
  else await rename(aside, file);
}
