import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachedImages, ImageCacheError, type RepeatableImages } from '../src/files/index.ts';
import { memoryImages, syntheticFaces } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cached-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SIZE = 4500;
const AREA = 4;

/** Images that tell how many of them were made. */
function counted(seed = 1): { images: RepeatableImages; made: () => number } {
  let made = 0;
  const whole = memoryImages({
    pixels: Uint8Array.from({ length: SIZE * AREA }, (_, i) => (i * 7 + seed) % 251),
    labels: Uint8Array.from({ length: SIZE }, (_, i) => i % 3),
    side: 2,
    classes: ['a', 'b', 'c'],
  });
  const read = (indices: Uint32Array) => {
    made += indices.length;
    return whole.read(indices);
  };
  return { images: { ...whole, read, recipe: { seed } }, made: () => made };
}

const somewhere = () => ({ folder: path.join(folder, 'cache') });

describe('cached images', () => {
  it('are made once, and read the same from then on', async () => {
    const { images, made } = counted();
    const first = await cachedImages(images, somewhere());
    expect(made()).toBe(SIZE);
    const second = await cachedImages(images, somewhere());
    const indices = Uint32Array.of(4499, 0, 2000, 1999);
    const expected = await images.read(indices);
    expect(await first.read(indices)).toEqual(expected);
    expect(await second.read(indices)).toEqual(expected);
    expect(made()).toBe(SIZE + indices.length);
    expect(second).toMatchObject({ size: SIZE, side: 2, recipe: { seed: 1 } });
    expect(second.labels).toEqual(images.labels);
  });

  it('go on where a run was stopped', async () => {
    const { images, made } = counted();
    const stop = new Error('stopped');
    const read = (indices: Uint32Array) => {
      if (made() >= 4000) throw stop;
      return images.read(indices);
    };
    await expect(cachedImages({ ...images, read }, somewhere())).rejects.toBe(stop);
    const progress: number[] = [];
    const onProgress = (at: { images: number }) => progress.push(at.images);
    const cached = await cachedImages(images, { ...somewhere(), onProgress });
    expect(progress).toEqual([SIZE]);
    expect(made()).toBe(SIZE);
    const all = Uint32Array.from({ length: SIZE }, (_, i) => i);
    expect(await cached.read(all)).toEqual(await images.read(all));
  });

  it('keep what else a set can tell', async () => {
    const { test } = syntheticFaces({ identities: 3, testIdentities: 1, validationIdentities: 1 });
    const cached = await cachedImages(test, somewhere());
    expect(cached.describe(61)).toEqual(test.describe(61));
    const indices = Uint32Array.of(61, 0);
    expect(await cached.read(indices)).toEqual(await test.read(indices));
  });

  it('refuse the cache of another recipe, a damaged one, and a folder of something else', async () => {
    await cachedImages(counted().images, somewhere());
    const problem = async (work: Promise<unknown>): Promise<string> => {
      const error = await work.catch((found: unknown) => found);
      expect(error).toBeInstanceOf(ImageCacheError);
      expect((error as Error).message).toMatch(/Name another folder|Delete that folder/);
      return (error as ImageCacheError).problem;
    };
    expect(await problem(cachedImages(counted(2).images, somewhere()))).toBe('other-options');
    await truncate(path.join(folder, 'cache', 'images.bin'), 100);
    expect(await problem(cachedImages(counted().images, somewhere()))).toBe('corrupt');
    await writeFile(path.join(folder, 'letter.txt'), 'not an image');
    expect(await problem(cachedImages(counted().images, { folder }))).toBe('foreign');
  });

  it('refuse options that they do not know', async () => {
    const options = { ...somewhere(), size: 3 } as never;
    await expect(cachedImages(counted().images, options)).rejects.toThrow(OptionError);
  });
});
