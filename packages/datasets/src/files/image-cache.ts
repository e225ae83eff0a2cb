import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ifThere, lockFile, syncFolder, unlockFile } from '@fastweights/core/node';
import type { ImageSet } from '../images/image-set.ts';
import { checkIndex } from '../images/memory-images.ts';
import { guarded, ImageCacheError } from './image-cache-error.ts';
import {
  checkFiles,
  corrupt,
  createManifest,
  type ImageCacheDescription,
  type ImageCacheManifest,
  readManifest,
  writeManifest,
} from './image-cache-manifest.ts';
import { decodeTags, type ImageCacheWriter, openWriter, PROGRESS } from './image-cache-writer.ts';

/** Images that lie in a folder, whole and checked. */
export interface ImageCache {
  readonly folder: string;
  /** Reads from the file, as often as it is asked. */
  readonly set: ImageSet;
  /** The number that the maker gave each image, such as its identity. */
  readonly tags: Uint32Array;
  readonly details: unknown;
  /** Changes the details, for good: from what they are by now, since another process may have changed them too. */
  record(change: (details: unknown) => unknown): Promise<void>;
}

/**
 * What lies in the folder, after comparing every checksum; undefined where there is no folder, or an empty one.
 *
 * @throws ImageCacheError where the folder holds anything else
 */
export function openImageCache(
  folder: string,
  optionsHash: string,
): Promise<ImageCache | undefined> {
  return guarded(folder, async () => {
    const manifest = await readManifest(folder);
    if (!manifest) return undefined;
    if (manifest.optionsHash !== optionsHash) throw otherOptions(folder);
    await checkFiles(folder, manifest);
    return present(folder, manifest);
  });
}

/**
 * The cache in the folder, made by `fill` where there is none. It is made beside the folder, in `<folder>.partial`, and gets
 * its name when all of it is on the disk: a folder of this name is whole. After a kill, `fill` goes on from its last
 * `checkpoint`. What `fill` returns are the details.
 *
 * @throws ImageCacheError
 */
export async function writeImageCache(
  folder: string,
  description: ImageCacheDescription,
  fill: (writer: ImageCacheWriter) => Promise<unknown>,
): Promise<ImageCache> {
  const there = await openImageCache(folder, description.optionsHash);
  if (there) return there;
  const partial = `${path.resolve(folder)}.partial`;
  const lock = `${partial}.lock`;
  await guarded(folder, async () => {
    await mkdir(path.dirname(partial), { recursive: true });
    const owner = await lockFile(lock);
    if (owner !== undefined) throw busy(folder, owner, lock);
  });
  try {
    const finished = await openImageCache(folder, description.optionsHash);
    if (finished) return finished;
    const manifest = await make(partial, description, fill);
    return await guarded(folder, async () => {
      await giveName(partial, folder);
      return present(folder, manifest);
    });
  } finally {
    unlockFile(lock);
  }
}

async function make(
  partial: string,
  description: ImageCacheDescription,
  fill: (writer: ImageCacheWriter) => Promise<unknown>,
): Promise<ImageCacheManifest> {
  const writer = await guarded(partial, () => openWriter(partial, description));
  let details: unknown;
  try {
    details = await fill(writer);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await guarded(partial, () => writer.close());
  return guarded(partial, async () => {
    const manifest = await createManifest(partial, description, writer.size, details);
    await writeManifest(partial, manifest);
    return manifest;
  });
}

async function giveName(partial: string, folder: string): Promise<void> {
  // An empty folder in its place; Windows renames only to what is not there.
  if ((await ifThere(readdir(folder)))?.length === 0) await rmdir(folder);
  await rename(partial, folder);
  await syncFolder(path.dirname(partial));
  await rm(path.join(folder, PROGRESS), { force: true });
}

async function present(folder: string, manifest: ImageCacheManifest): Promise<ImageCache> {
  const { side, size, classes } = manifest;
  const labels = new Uint8Array(await readFile(path.join(folder, 'labels.bin')));
  const tags = decodeTags(await readFile(path.join(folder, 'tags.bin')));
  const read = (indices: Uint32Array): Uint8Array => readImages(folder, manifest, indices);
  return {
    folder,
    set: { size, side, classes, labels, read },
    tags,
    details: manifest.details,
    record: (change) => guarded(folder, () => changeDetails(folder, manifest, change)),
  };
}

async function changeDetails(
  folder: string,
  manifest: ImageCacheManifest,
  change: (details: unknown) => unknown,
): Promise<void> {
  const lock = `${path.resolve(folder)}.lock`;
  for (let attempt = 1; ; attempt++) {
    const owner = await lockFile(lock);
    if (owner === undefined) break;
    if (attempt === ATTEMPTS) throw busy(folder, owner, lock);
    await wait(50);
  }
  try {
    const now = (await readManifest(folder)) ?? manifest;
    await writeManifest(folder, { ...now, details: change(now.details) });
  } finally {
    unlockFile(lock);
  }
}

/** A manifest is written in a few milliseconds. */
const ATTEMPTS = 100;

/** Opened at every call: nobody has to close it, and 128 images take well under a millisecond. */
function readImages(
  folder: string,
  { side, size }: ImageCacheManifest,
  indices: Uint32Array,
): Uint8Array {
  const bytes = side * side;
  const pixels = new Uint8Array(indices.length * bytes);
  for (const index of indices) checkIndex(index, size);
  const file = openSync(path.join(folder, 'images.bin'), 'r');
  try {
    if (fstatSync(file).size !== size * bytes) throw corrupt(folder, 'images.bin');
    indices.forEach((index, i) => {
      const read = readSync(file, pixels, i * bytes, bytes, index * bytes);
      if (read !== bytes) throw corrupt(folder, 'images.bin');
    });
  } finally {
    closeSync(file);
  }
  return pixels;
}

const otherOptions = (folder: string): ImageCacheError =>
  new ImageCacheError(
    folder,
    'other-options',
    `The image cache ${folder} holds images made with other options, or from other files. Name another folder, or delete this one.`,
  );

const busy = (folder: string, owner: number, lock: string): ImageCacheError =>
  new ImageCacheError(
    folder,
    'busy',
    `Process ${owner} is filling the image cache ${folder}. Wait for it; if it is none of ours, delete ${lock}.`,
  );
