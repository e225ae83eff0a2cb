import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  appendTo,
  hashBytes,
  hashData,
  hashFile,
  ifThere,
  makeFolder,
  replaceFile,
} from '@fastweights/core/node';
import { mountSmallDisk, NO_SMALL_DISK } from '@fastweights/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'files-'));
});
afterEach(() => rm(folder, { recursive: true }));
const file = (): string => path.join(folder, 'file');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('replaceFile', () => {
  it('puts a text or bytes in the place of what was there', async () => {
    await replaceFile(file(), 'ö');
    expect(await readFile(file(), 'utf8')).toBe('ö');
    await replaceFile(file(), Uint8Array.of(1, 2));
    expect([...(await readFile(file()))]).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves everything as it was where it cannot', async () => {
    await mkdir(path.join(file(), 'deep'), { recursive: true });
    await expect(replaceFile(file(), 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['file']);
    await expect(replaceFile(path.join(folder, 'none', 'file'), 'x')).rejects.toThrow('ENOENT');
  });
});

it('several that replace one file at once leave what one of them wrote, and nothing else', async () => {
  const texts = ['a', 'b', 'c', 'd'].map((letter, i) => letter.repeat(300_000 * (i + 1)));
  for (let round = 0; round < 10; round++) {
    await Promise.all(texts.map((text) => replaceFile(file(), text)));
    expect(texts.includes(await readFile(file(), 'utf8'))).toBe(true);
  }
  expect(await readdir(folder)).toEqual(['file']);
});

describe('appendTo', () => {
  it('goes on after the first bytes, and forgets the rest', async () => {
    await writeFile(file(), 'one two');
    const growing = await appendTo(file(), 4);
    await growing.append(bytes('three'));
    await growing.sync();
    expect(growing.size).toBe(9);
    await growing.close();
    expect(await readFile(file(), 'utf8')).toBe('one three');
    const again = await appendTo(file(), 0);
    await again.close();
    expect(await readFile(file(), 'utf8')).toBe('');
  });

  it('takes back what did not fit on the disk', async ({ skip }) => {
    const disk = mountSmallDisk(folder, 64);
    if (!disk) return skip(NO_SMALL_DISK);
    try {
      const growing = await appendTo(file(), 0);
      await growing.append(bytes('kept'));
      await expect(growing.append(new Uint8Array(1 << 17))).rejects.toThrow('ENOSPC');
      expect(await readFile(file(), 'utf8')).toBe('kept');
      await growing.append(bytes(' and more'));
      await growing.close();
      expect(await readFile(file(), 'utf8')).toBe('kept and more');
    } finally {
      disk.unmount();
    }
  });

  it('makes no file in the middle of one that is not there', async () => {
    await expect(appendTo(file(), 3)).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('hashes', () => {
  it('are sha256, of data in any order of keys', async () => {
    // FIPS 180-2, appendix B.1.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await writeFile(file(), 'abc');
    expect([hashBytes('abc'), await hashFile(file())]).toEqual([abc, abc]);
    expect(hashData({ b: [1, { d: 1, c: null }], a: 'x' })).toBe(
      hashBytes('{"a":"x","b":[1,{"c":null,"d":1}]}'),
    );
    expect(hashData([1, 2])).not.toBe(hashData([2, 1]));
  });
});

describe('makeFolder', () => {
  it('makes all that is missing, and answers the first of it', async () => {
    expect(await makeFolder(path.join(folder, 'a', 'b', 'c'))).toBe(path.join(folder, 'a'));
    expect(await makeFolder(path.join(folder, 'a', 'b'))).toBeUndefined();
    expect(await readdir(path.join(folder, 'a'))).toEqual(['b']);
  });
});

describe('ifThere', () => {
  it('answers nothing where there is nothing, and passes other errors on', async () => {
    expect(await ifThere(readFile(file()))).toBeUndefined();
    await expect(ifThere(readFile(folder))).rejects.toThrow('EISDIR');
  });
});
