import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { checkInteger, checkKeys, OptionError } from '@fastweights/core';
import { hashFile } from '@fastweights/core/node';
import { alignedPlaces } from '../faces/multi-pie/align.ts';
import { multiPieClasses } from '../faces/multi-pie/expressions.ts';
import { type IdentitySplit, identitySplit } from '../faces/multi-pie/identity-split.ts';
import {
  LandmarksError,
  type LandmarksReport,
  readLandmarks,
} from '../faces/multi-pie/landmarks.ts';
import { cameraName, subjectOf } from '../faces/multi-pie/shot.ts';
import type { ImageSet } from '../images/image-set.ts';
import { subset } from '../images/subset.ts';
import { type ImageCache, writeImageCache } from './image-cache.ts';
import { ImageCacheError } from './image-cache-error.ts';
import { optionsHash } from './image-cache-manifest.ts';
import { MultiPieError } from './multi-pie-error.ts';
import { cacheMultiPie, type MultiPieTree } from './multi-pie-images.ts';

export interface MultiPieOptions {
  /** A folder somewhere above the `session01` … `session04` of your own copy. */
  readonly root: string;
  /** A CSV: see `readLandmarks`. */
  readonly landmarks: string;
  /** A folder for the aligned images, which need not exist; 2304 bytes each. */
  readonly cache: string;
  /** Of the split. Default 0. */
  readonly seed?: number;
  /** Default: the three in the middle, −15°, 0° and 15°. */
  readonly cameras?: readonly string[];
  /** Subjects to test on. Default the paper's 20; of 337, that leaves 317 to train on. */
  readonly testIdentities?: number;
  /** Subjects kept from training to validate on. Default 0; the paper names none. */
  readonly validationIdentities?: number;
  /** Called for each file while the cache is made. */
  readonly onProgress?: (progress: { readonly files: number; readonly images: number }) => void;
}

export interface MultiPieReport extends MultiPieTree {
  readonly landmarks: LandmarksReport;
  readonly split: IdentitySplit;
  /** Images of each class, in the order of the classes. */
  readonly classes: {
    readonly training: readonly number[];
    readonly validation: readonly number[];
    readonly test: readonly number[];
  };
}

export interface MultiPie {
  readonly training: ImageSet;
  /** Empty unless `validationIdentities` says otherwise. */
  readonly validation: ImageSet;
  readonly test: ImageSet;
  readonly report: MultiPieReport;
}

interface Details {
  readonly tree: MultiPieTree;
  readonly landmarks: LandmarksReport;
  /** Every split that was asked for. */
  readonly splits: readonly IdentitySplit[];
}

const KEYS = [
  'root',
  'landmarks',
  'cache',
  'seed',
  'cameras',
  'testIdentities',
  'validationIdentities',
  'onProgress',
];

/** Another number where the same files give other images. */
const MAKER = 'multi-pie 1';
const SIDE = 48;
const CENTRAL = ['14_0', '05_1', '05_0'];

/**
 * Multi-PIE from your own copy: aligned by eyes and nose, 48×48, grey, six expressions; nobody who is tested on is
 * trained on. The first call reads the copy and keeps what it made in `cache`; later calls need the cache and the file of
 * landmarks alone. A killed first call goes on where it was.
 *
 * No file ends the reading: the report counts what was left out, and why. Our choice: the places of eyes and nose
 * (`alignedPlaces`), since the paper gives none.
 *
 * @throws MultiPieError, ImageCacheError, LandmarksError
 */
export async function readMultiPie(options: MultiPieOptions): Promise<MultiPie> {
  checkKeys('readMultiPie', options, KEYS);
  const { seed = 0, testIdentities = 20, validationIdentities = 0 } = options;
  const { onProgress = () => undefined } = options;
  for (const name of ['root', 'landmarks', 'cache'] as const) checkPath(name, options[name]);
  checkInteger('seed', seed, 0);
  checkInteger('testIdentities', testIdentities, 1);
  checkInteger('validationIdentities', validationIdentities, 0);
  const cameras = checkCameras(options.cameras ?? CENTRAL);
  const root = path.resolve(options.root);
  checkOutside(root, options.cache);
  const landmarksHash = await openingLandmarks(options.landmarks, () =>
    hashFile(options.landmarks),
  );
  const description = {
    optionsHash: optionsHash({
      maker: MAKER,
      root,
      cameras,
      landmarksHash,
      side: SIDE,
      places: alignedPlaces,
    }),
    side: SIDE,
    classes: multiPieClasses,
  };
  const cache = await writeImageCache(options.cache, description, async (writer) => {
    await checkRoot(root);
    const landmarks = await openingLandmarks(options.landmarks, () =>
      readLandmarks(createReadStream(options.landmarks)),
    );
    const source = { root, landmarks, cameras, side: SIDE, onProgress };
    const tree = await cacheMultiPie(source, writer);
    if (tree.images === 0) throw noImages(root, tree);
    const details: Details = { tree, landmarks: landmarks.report, splits: [] };
    return details;
  });
  return splitCache(cache, { test: testIdentities, validation: validationIdentities, seed });
}

/** Notes who is in which part; where nothing can be written, such as on a disk to read from alone, the seed tells as well. */
async function recordSplit(cache: ImageCache, split: IdentitySplit): Promise<void> {
  const text = JSON.stringify(split);
  const isKnown = ({ splits }: Details): boolean =>
    splits.some((known) => JSON.stringify(known) === text);
  if (isKnown(cache.details as Details)) return;
  try {
    await cache.record((now) => {
      const details = now as Details;
      return isKnown(details) ? details : { ...details, splits: [...details.splits, split] };
    });
  } catch (error) {
    if (!(error instanceof ImageCacheError) || error.problem !== 'system') throw error;
  }
}

async function splitCache(
  cache: ImageCache,
  options: { readonly test: number; readonly validation: number; readonly seed: number },
): Promise<MultiPie> {
  const details = cache.details as Details;
  const subjects = cache.tags.map(subjectOf);
  const split = identitySplit([...new Set(subjects)], options);
  await recordSplit(cache, split);
  const part = (wanted: readonly number[]): ImageSet => {
    const people = new Set(wanted);
    const all = Uint32Array.from(subjects.keys());
    return subset(
      cache.set,
      all.filter((image) => people.has(subjects[image] as number)),
    );
  };
  const sets = {
    training: part(split.training),
    validation: part(split.validation ?? []),
    test: part(split.test),
  };
  const classes = {
    training: classCounts(sets.training),
    validation: classCounts(sets.validation),
    test: classCounts(sets.test),
  };
  return { ...sets, report: { ...details.tree, landmarks: details.landmarks, split, classes } };
}

function classCounts({ labels, classes }: ImageSet): number[] {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

function checkPath(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new OptionError(name, 'a path', JSON.stringify(value) ?? 'missing');
  }
}

/** What is written while the tree is read must not be a part of it. */
function checkOutside(root: string, cache: string): void {
  const way = path.relative(root, path.resolve(cache));
  if (!way.startsWith('..') && !path.isAbsolute(way)) {
    throw new OptionError('cache', `a folder outside of ${root}`, cache);
  }
}

function checkCameras(cameras: readonly string[]): string[] {
  const names = cameras.map((camera) => {
    const name = cameraName(camera);
    if (name === undefined) throw new OptionError('cameras', 'like 05_1', JSON.stringify(camera));
    return name;
  });
  if (names.length === 0) throw new OptionError('cameras', 'at least one', 'empty');
  return names.toSorted();
}

async function checkRoot(root: string): Promise<void> {
  const found = await stat(root).catch((cause: Error) => {
    const sentence = `The folder of Multi-PIE cannot be read: ${cause.message}.`;
    throw new MultiPieError('root', `${sentence} Name the folder that holds your copy.`, { cause });
  });
  if (!found.isDirectory()) throw new MultiPieError('root', `${root} is no folder.`);
}

async function openingLandmarks<Value>(file: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LandmarksError) throw cause;
    const found = (cause as Error).message.replace(/\.$/, '');
    const sentence = `The landmarks ${file} cannot be read: ${found}.`;
    const cure = 'Name a CSV of the places of eyes and nose.';
    throw new MultiPieError('landmarks', `${sentence} ${cure}`, { cause });
  }
}

function noImages(root: string, { files, leftOut }: MultiPieTree): MultiPieError {
  const why = Object.entries(leftOut)
    .filter(([, { count }]) => count > 0)
    .map(([problem, { count, examples }]) => `${count} ${problem} (such as ${examples[0]})`);
  const found = files === 0 ? 'It is empty' : `Left out were ${why.join(', ')}`;
  const layout = 'session01/multiview/001/01/05_1/001_01_01_051_00.png';
  return new MultiPieError(
    'no-images',
    `Not one of the ${files} files below ${root} is an image of use. ${found}. Images are expected in folders like ${layout}.`,
  );
}
