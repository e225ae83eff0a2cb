import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockFile, lockOwner, unlockFile } from '@fastweights/core/node';
import { runModule, startModule } from '@fastweights/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));
const lock = (): string => path.join(folder, 'lock');

const isLinux = process.platform === 'linux';
const moduleName = JSON.stringify(import.meta.resolve('@fastweights/core/node'));

describe('a lock', () => {
  it('is taken once, and again when it was given back', async () => {
    expect(await lockFile(lock())).toBeUndefined();
    expect(await lockFile(lock())).toBe(process.pid);
    expect(await lockOwner(lock())).toBe(process.pid);
    unlockFile(lock());
    expect(await lockOwner(lock())).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
    expect(await lockFile(lock())).toBeUndefined();
    unlockFile(lock());
    unlockFile(lock());
  });

  it('is held while its process lives, ends with process.exit, and not with a kill', async () => {
    const take = `const { lockFile } = await import(${moduleName});
      const owner = await lockFile(${JSON.stringify(lock())});
      console.log(owner ?? 'taken');`;
    const child = startModule(folder, `${take} setInterval(() => {}, 1000);`);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await lockFile(lock())).toBe(child.pid);
    expect(await lockOwner(lock())).toBe(child.pid);
    expect((await runModule(folder, take)).stdout.trim()).toBe(String(child.pid));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await readdir(folder)).toEqual(['lock']);
    expect(await lockOwner(lock())).toBeUndefined();
    expect((await runModule(folder, `${take} process.exit(0);`)).stdout.trim()).toBe('taken');
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a process whose id is now another one’s is dead', async ({ skip }) => {
    if (!isLinux) return skip('only Linux tells when a process began');
    const { ppid } = process;
    await writeFile(lock(), `${ppid}`);
    expect(await lockOwner(lock())).toBe(ppid);
    await writeFile(lock(), `${ppid} another-boot/1`);
    expect(await lockOwner(lock())).toBeUndefined();
    expect(await lockFile(lock())).toBeUndefined();
    expect(await readFile(lock(), 'utf8')).toMatch(new RegExp(`^${process.pid} [\\w-]+/\\d+$`));
    unlockFile(lock());
  });

  it('with nobody in it, or nonsense, is dead', async () => {
    for (const text of ['', 'x', '-1', '0', '12x', '999999999']) {
      await writeFile(lock(), text);
      expect(await lockFile(lock()), text).toBeUndefined();
      unlockFile(lock());
      expect(await readdir(folder)).toEqual([]);
    }
  });
});
