import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNewFile, writeNewFile } from '../src/new-file.ts';

let folder = '';
const at = (name: string): string => path.join(folder, name);
const bytes = new TextEncoder().encode('new');
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a new file', () => {
  it('is written whole, and nothing else', async () => {
    await writeNewFile(at('a'), bytes, { force: false });
    expect(await read('a')).toBe('new');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('takes no place that is taken, unless by force', async () => {
    await writeFile(at('a'), 'old');
    await expect(checkNewFile(at('a'), { force: false })).rejects.toThrow(FastWeightsError);
    await expect(writeNewFile(at('a'), bytes, { force: false })).rejects.toThrow(/--force/);
    expect(await read('a')).toBe('old');
    await writeNewFile(at('a'), bytes, { force: true });
    expect(await read('a')).toBe('new');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('goes to one of two who want the same name', async () => {
    const writers = Array.from({ length: 2 }, (_, i) =>
      writeNewFile(at('a'), new TextEncoder().encode(`${i}`), { force: false }),
    );
    const ends = await Promise.allSettled(writers);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('replaces what a link leads to, by force', async () => {
    await writeFile(at('a'), 'old');
    await symlink('a', at('link'));
    await expect(writeNewFile(at('link'), bytes, { force: false })).rejects.toThrow(/--force/);
    await writeNewFile(at('link'), bytes, { force: true });
    expect([await read('a'), await readlink(at('link'))]).toEqual(['new', 'a']);
  });

  it('never replaces a folder or a device', async () => {
    await mkdir(at('folder'));
    for (const place of [at('folder'), '/dev/null']) {
      await expect(writeNewFile(place, bytes, { force: true })).rejects.toThrow(/ is no file\.$/);
    }
    await expect(writeNewFile(at('no/a'), bytes, { force: true })).rejects.toThrow(
      /^There is no folder .*no for a\.$/,
    );
  });

  it('says why it could not be written, and leaves nothing', async () => {
    const name = 'x'.repeat(255);
    await expect(writeNewFile(at(name), bytes, { force: false })).rejects.toThrow(
      /could not be written: ENAMETOOLONG/,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
