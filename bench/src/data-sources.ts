import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Batch, Dataset } from '@fastweights/core';
import {
  associativeRetrieval,
  type CatchEnvironment,
  catchActions,
  catchEnvironment,
  glimpseDataset,
  type ImageSet,
  imageDataset,
  syntheticFaces,
} from '@fastweights/datasets';
import { cachedImages, readMnist } from '@fastweights/datasets/files';
import { dispose } from '@tensorflow/tfjs-core';

/** Something that makes examples without end. */
export interface DataSource {
  /** What one example is, in the plural. */
  readonly unit: string;
  /** Opens it; each item is how many examples have just been made. */
  open(batchSize: number): Promise<AsyncIterable<number>>;
}

export const dataSources = {
  strings: source('strings of 4 pairs', async () => associativeRetrieval().training),
  images: source('MNIST images', async () => imageDataset(await mnist())),
  'shifted-images': source('MNIST images, shifted', async () =>
    imageDataset(await mnist(), { shift: 2 }),
  ),
  glimpses: source('MNIST images as 24 glimpses', async () => glimpseDataset(await mnist())),
  'shifted-glimpses': source('MNIST images as 24 glimpses, shifted', async () =>
    glimpseDataset(await mnist(), { shift: 2 }),
  ),
  faces: source('synthetic faces, rendered when they are read', async () =>
    imageDataset(syntheticFaces().test),
  ),
  'cached-faces': source('synthetic faces as 24 glimpses, from a cache', async () =>
    glimpseDataset(await cachedFaces()),
  ),
  'catch-1': catchFrames(1),
  'catch-16': catchFrames(16),
  'catch-256': catchFrames(256),
} satisfies Record<string, DataSource>;

export type DataSourceName = keyof typeof dataSources;

async function mnist(): Promise<ImageSet> {
  return (await readMnist()).training;
}

/** Rendered once, and then kept where the operating system keeps what may be lost. */
function cachedFaces(): Promise<ImageSet> {
  return cachedImages(syntheticFaces().test, {
    folder: path.join(tmpdir(), 'fastweights-bench-faces'),
  });
}

/** A data set, read in shuffled batches as training does. */
function source(unit: string, dataset: () => Promise<Dataset>): DataSource {
  return {
    unit,
    async open(batchSize) {
      return counted((await dataset()).batches(batchSize));
    },
  };
}

async function* counted(batches: AsyncIterable<Batch>): AsyncGenerator<number> {
  for await (const { inputs, targets } of batches) {
    const count = targets.size;
    dispose([inputs, targets]);
    yield count;
  }
}

/** The paper's larger screen. Frames come by the thousand steps: waiting for each would take longer than making it. */
function catchFrames(batchSize: number): DataSource {
  return {
    unit: `frames of Catch, 24 × 24, ${batchSize} at a time`,
    open: async () => thousands(catchEnvironment({ size: 24, visibleFrames: 5, batchSize })),
  };
}

async function* thousands(environment: CatchEnvironment): AsyncGenerator<number> {
  const actions = new Int32Array(environment.batchSize).fill(catchActions.left);
  for (;;) {
    for (let i = 0; i < 1000; i++) environment.step(actions);
    yield 1000 * environment.batchSize;
  }
}
