import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ImageCacheError,
  type ImageCacheWriter,
  openImageCache,
  optionsHash,
  writeImageCache,
} from '../src/files/index.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'image-cache-'));
  folder = path.join(parent, 'cache');
});
afterEach(() => rm(parent, { recursive: true }));

const hash = optionsHash({ seed: 1, kind: 'squares' });
const description = { optionsHash: hash, side: 2, classes: ['light', 'dark'] };

async function fill(writer: ImageCacheWriter): Promise<unknown> {
  await writer.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [0, 1], [70_000, 4_000_000_000]);
  await writer.append(Uint8Array.of(9, 10, 11, 12), [1]);
  return { made: 'by hand' };
}

const make = (filling = fill) => writeImageCache(folder, description, filling);

async function refusal(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('taken');
}

describe('an image cache', () => {
  it('gives back what was written, in any order, and again when it is opened', async () => {
    const made = await make();
    const opened = await openImageCache(folder, hash);
    for (const cache of [made, opened]) {
      expect(cache?.set).toMatchObject({ size: 3, side: 2, classes: ['light', 'dark'] });
      expect(cache?.set.labels).toEqual(Uint8Array.of(0, 1, 1));
      expect(cache?.tags).toEqual(Uint32Array.of(70_000, 4_000_000_000, 0));
      expect(cache?.details).toEqual({ made: 'by hand' });
      const pixels = await cache?.set.read(Uint32Array.of(2, 0, 2));
      expect(pixels).toEqual(Uint8Array.of(9, 10, 11, 12, 1, 2, 3, 4, 9, 10, 11, 12));
      expect(() => cache?.set.read(Uint32Array.of(3))).toThrow(OptionError);
    }
    expect(await readdir(parent)).toEqual(['cache']);
    const names = ['images.bin', 'labels.bin', 'manifest.json', 'tags.bin'];
    expect((await readdir(folder)).toSorted()).toEqual(names);
  });

  it('is made once', async () => {
    await make();
    await make(() => Promise.reject(new Error('made again')));
  });

  it('is not there before it is made; an empty folder is taken', async () => {
    expect(await openImageCache(folder, hash)).toBeUndefined();
    await mkdir(folder);
    expect(await openImageCache(folder, hash)).toBeUndefined();
    expect((await make()).set.size).toBe(3);
  });

  it('remembers other details, and nothing else changes', async () => {
    const cache = await make();
    await cache.record(() => ({ made: 'otherwise' }));
    const opened = await openImageCache(folder, hash);
    expect(opened?.details).toEqual({ made: 'otherwise' });
    expect(opened?.set.size).toBe(3);
  });

  it('has options whose hash does not depend on the order of keys', () => {
    expect(optionsHash({ b: { d: 1, c: [2, 1] }, a: 0 })).toBe(
      optionsHash({ a: 0, b: { c: [2, 1], d: 1 } }),
    );
    expect(optionsHash({ a: [1, 2] })).not.toBe(optionsHash({ a: [2, 1] }));
    expect(hash).toMatch(/^[\da-f]{64}$/);
  });

  it('goes on from the last checkpoint after a failure', async () => {
    const failing = async (writer: ImageCacheWriter) => {
      await writer.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [0, 1], [70_000, 4_000_000_000]);
      await writer.checkpoint({ done: 2 });
      await writer.append(Uint8Array.of(0, 0, 0, 0), [0]);
      throw new Error('the light went out');
    };
    expect((await refusal(make(failing))).message).toBe('the light went out');
    expect(existsSync(folder)).toBe(false);
    const cache = await make(async (writer) => {
      expect([writer.size, writer.position]).toEqual([2, { done: 2 }]);
      expect(await writer.tags()).toEqual(Uint32Array.of(70_000, 4_000_000_000));
      await writer.append(Uint8Array.of(9, 10, 11, 12), [1]);
      return {};
    });
    expect(await cache.set.read(Uint32Array.of(0, 1, 2))).toEqual(
      Uint8Array.from({ length: 12 }, (_, i) => i + 1),
    );
    expect(cache.set.labels).toEqual(Uint8Array.of(0, 1, 1));
  });

  it('starts from nothing after a failure with other options, or with a damaged remainder', async () => {
    const failing = async (writer: ImageCacheWriter) => {
      await fill(writer);
      await writer.checkpoint({});
      throw new Error('stop');
    };
    const other = { ...description, optionsHash: optionsHash('other') };
    await refusal(writeImageCache(folder, other, failing));
    const sizes: number[] = [];
    const noting = async (writer: ImageCacheWriter) => {
      sizes.push(writer.size);
      return failing(writer);
    };
    await refusal(make(noting));
    await refusal(make(noting));
    await truncate(`${folder}.partial/images.bin`, 11);
    await refusal(make(noting));
    await writeFile(`${folder}.partial/progress.json`, '{"size": 1');
    await refusal(make(noting));
    expect(sizes).toEqual([0, 3, 0, 0]);
    const cache = await make(async (writer) => {
      await writer.restart();
      return fill(writer);
    });
    expect(cache.set.size).toBe(3);
  });

  it('keeps nothing of what came after the last checkpoint, nor of what was before a restart', async () => {
    const failing = async (writer: ImageCacheWriter) => {
      await writer.append(Uint8Array.of(1, 2, 3, 4), [0]);
      await writer.checkpoint({});
      await fill(writer);
      throw new Error('stop');
    };
    await refusal(make(failing));
    await make(async () => ({}));
    const resumed = await openImageCache(folder, hash);
    expect(resumed?.set.labels).toEqual(Uint8Array.of(0));
    expect(await resumed?.set.read(Uint32Array.of(0))).toEqual(Uint8Array.of(1, 2, 3, 4));

    await rm(folder, { recursive: true });
    await refusal(make(failing));
    await make(async (writer) => {
      await writer.restart();
      expect([writer.size, writer.position]).toEqual([0, undefined]);
    });
    expect((await openImageCache(folder, hash))?.set.size).toBe(0);
  });

  it('leaves nothing behind where nothing was done', async () => {
    await refusal(make(() => Promise.reject(new Error('no'))));
    expect(await readdir(parent)).toEqual([]);
  });

  it.each(['images.bin', 'labels.bin', 'tags.bin'])(
    'is refused when %s is damaged',
    async (file) => {
      await make();
      const where = path.join(folder, file);
      const bytes = await readFile(where);
      bytes[1] = 255 - (bytes[1] as number);
      await writeFile(where, bytes);
      for (const _ of ['changed', 'shorter', 'gone']) {
        const error = await refusal(openImageCache(folder, hash));
        expect(error).toBeInstanceOf(ImageCacheError);
        expect(error).toMatchObject({ code: 'image-cache', problem: 'corrupt', folder });
        expect(error.message).toMatch(new RegExp(`^${file} .* Delete that folder`));
        await (existsSync(where) && bytes.length > 2
          ? truncate(where, 2)
          : rm(where, { force: true }));
      }
    },
  );

  it.each([
    ['{', 'corrupt'],
    ['[]', 'foreign'],
    ['null', 'corrupt'],
    ['{"format": "of another program"}', 'foreign'],
  ])('is refused with the manifest %s', async (text, problem) => {
    await make();
    await writeFile(path.join(folder, 'manifest.json'), text);
    expect(await refusal(make())).toMatchObject({ problem });
  });

  it('is refused when somebody has changed the manifest', async () => {
    await make();
    const manifest = path.join(folder, 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"dark"', '"black"'));
    expect(await refusal(make())).toMatchObject({ problem: 'corrupt' });
  });

  it('does not touch a folder of other things, nor images made with other options', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, 'thesis.tex'), 'x');
    const error = await refusal(make());
    expect(error).toMatchObject({ problem: 'foreign' });
    expect(error.message).toContain('Name another folder');
    expect(await readdir(folder)).toEqual(['thesis.tex']);
    await rm(folder, { recursive: true });
    await make();
    expect(await refusal(openImageCache(folder, optionsHash(2)))).toMatchObject({
      problem: 'other-options',
    });
  });

  it('notices when it changes while it is in use', async () => {
    const { set } = await make();
    await truncate(path.join(folder, 'images.bin'), 11);
    expect(() => set.read(Uint32Array.of(0))).toThrow(ImageCacheError);
  });

  it('is filled by one at a time', async () => {
    let second: Error | undefined;
    await make(async (writer) => {
      second = await refusal(make());
      return fill(writer);
    });
    expect(second).toMatchObject({ problem: 'busy' });
    expect(second?.message).toContain(`Process ${process.pid} `);
  });

  it('is not kept from being filled by a process that is no more', async () => {
    await writeFile(`${folder}.partial.lock`, '999999999');
    expect((await make()).set.size).toBe(3);
    expect(await readdir(parent)).toEqual(['cache']);
  });

  it('says what the system says, and the cure', async () => {
    await writeFile(path.join(parent, 'file'), '');
    const error = await refusal(
      writeImageCache(path.join(parent, 'file/cache'), description, fill),
    );
    expect(error).toMatchObject({ code: 'image-cache', problem: 'system' });
    expect(error.message).toMatch(/ENOTDIR|EEXIST/);
    expect(error.message).toContain('can be written');
  });

  it.each([
    [(writer: ImageCacheWriter) => writer.append(Uint8Array.of(1, 2, 3), [0]), /^pixels/],
    [(writer: ImageCacheWriter) => writer.append(new Uint8Array(4), [2]), /^a label/],
    [(writer: ImageCacheWriter) => writer.append(new Uint8Array(4), [0], [1, 2]), /^tags/],
  ])('refuses images that are none: %#', async (wrong, message) => {
    const error = await refusal(make(wrong));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
    expect(await readdir(parent)).toEqual([]);
  });
});
