import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashData, hashFile, ifThere, replaceFile } from '@fastweights/core/node';
import { ImageCacheError } from './image-cache-error.ts';

/** What images are in a cache, known before the first is made. */
export interface ImageCacheDescription {
  /** Of everything the images follow from: `optionsHash`. */
  readonly optionsHash: string;
  readonly side: number;
  readonly classes: readonly string[];
}

export interface ImageCacheManifest extends ImageCacheDescription {
  readonly format: typeof FORMAT;
  readonly size: number;
  /** sha256 of each file. */
  readonly files: { readonly [file in CacheFile]: string };
  /** What the maker of the images wants to know later: plain data. */
  readonly details: unknown;
}

export type CacheFile = (typeof CACHE_FILES)[number];

const FORMAT = 'fastweights image cache 1';
const MANIFEST = 'manifest.json';
export const CACHE_FILES = ['images.bin', 'labels.bin', 'tags.bin'] as const;

/** Bytes of each file for one image: its pixels, its class, its tag. */
export const bytesPerImage = (side: number): { readonly [file in CacheFile]: number } => ({
  'images.bin': side * side,
  'labels.bin': 1,
  'tags.bin': 4,
});

/** The sha256 of options: plain data, in any order of keys. */
export const optionsHash = (options: unknown): string => hashData(options);

export async function createManifest(
  folder: string,
  description: ImageCacheDescription,
  size: number,
  details: unknown,
): Promise<ImageCacheManifest> {
  const { optionsHash, side, classes } = description;
  const files: Record<string, string> = {};
  for (const file of CACHE_FILES) files[file] = await hashFile(path.join(folder, file));
  const hashes = files as ImageCacheManifest['files'];
  return { format: FORMAT, optionsHash, side, classes, size, files: hashes, details };
}

export async function writeManifest(folder: string, manifest: ImageCacheManifest): Promise<void> {
  const sealed = { ...manifest, seal: optionsHash(manifest) };
  await replaceFile(path.join(folder, MANIFEST), `${JSON.stringify(sealed, null, 2)}\n`);
}

/**
 * Undefined where there is no cache: no folder, or an empty one.
 *
 * @throws ImageCacheError
 */
export async function readManifest(folder: string): Promise<ImageCacheManifest | undefined> {
  const text = await ifThere(readFile(path.join(folder, MANIFEST), 'utf8'));
  if (text === undefined) {
    const names = await ifThere(readdir(folder));
    if (names === undefined || names.length === 0) return undefined;
    throw foreign(folder, `it has no ${MANIFEST}`);
  }
  const { seal, ...manifest } = parseObject(folder, text) as { seal?: string; format?: string };
  if (manifest.format !== FORMAT) throw foreign(folder, `its ${MANIFEST} is not of this format`);
  if (seal !== optionsHash(manifest)) throw corrupt(folder, MANIFEST);
  return manifest as ImageCacheManifest;
}

function parseObject(folder: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw corrupt(folder, MANIFEST);
}

/** @throws ImageCacheError */
export async function checkFiles(folder: string, manifest: ImageCacheManifest): Promise<void> {
  const widths = bytesPerImage(manifest.side);
  for (const file of CACHE_FILES) {
    const where = path.join(folder, file);
    const found = await ifThere(stat(where));
    if (found?.size !== manifest.size * widths[file]) throw corrupt(folder, file);
    if ((await hashFile(where)) !== manifest.files[file]) throw corrupt(folder, file);
  }
}

export const corrupt = (folder: string, file: string): ImageCacheError =>
  new ImageCacheError(
    folder,
    'corrupt',
    `${file} of the image cache ${folder} is damaged. Delete that folder: it is made again.`,
  );

const foreign = (folder: string, why: string): ImageCacheError =>
  new ImageCacheError(
    folder,
    'foreign',
    `${folder} is no image cache: ${why}. Name another folder, which need not exist.`,
  );
