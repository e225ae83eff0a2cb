import { type Dataset, FastWeightsError, splitSeed } from '@fastweights/core';
import {
  glimpseDataset,
  type ImageSet,
  imageDataset,
  mnistSplits,
  syntheticFaces,
} from '@fastweights/datasets';
import { ConfigError } from '../config/config-error.ts';
import type {
  FacesData,
  FacesExperiment,
  MnistData,
  MnistExperiment,
  SyntheticData,
} from '../config/image-configs.ts';
import type { ExperimentData } from './experiment.ts';
import type { ImageKind } from './glimpse-model.ts';
import type { ImageParts, ImageSources } from './image-sources.ts';
import { once } from './once.ts';

type ImageExperiment = MnistExperiment | FacesExperiment;

/** How many training images stand in for validation where all are trained on. */
const STAND_IN = 5000;

/** The images that a config speaks of, known before any is read. */
export function imageKindOf({ task, data }: ImageExperiment): ImageKind {
  const { levels } = data;
  if (task === 'mnist') return { side: 28, classes: 10, levels };
  const isSeven = data.source === 'fer-2013' && data.classes === 'seven';
  return { side: 48, classes: isSeven ? 7 : 6, levels };
}

export function imageDataOf(config: ImageExperiment, sources: ImageSources): ExperimentData {
  const { data, model, seed } = config;
  const { side, classes } = imageKindOf(config);
  const parts = once(async () => {
    const read =
      config.task === 'mnist' ? mnist(config.data, sources) : faces(config.data, sources);
    const found = await read;
    for (const images of [found.training, found.validation, found.test]) {
      checkKind(images, side, classes);
    }
    return found;
  });

  function dataset(images: ImageSet, options: { seed?: number; shift?: number } = {}): Dataset {
    if (model.kind === 'conv-net') return imageDataset(images, options);
    return glimpseDataset(images, { ...options, levels: data.levels });
  }

  const order = { seed: splitSeed(seed, 'order'), shift: data.shift };
  return {
    training: once(async () => dataset((await parts()).training, order)),
    validation: once(async () => dataset((await parts()).validation)),
    test: once(async () => dataset((await parts()).test)),
    classes: async () => (await parts()).test.classes,
  };
}

async function mnist(data: MnistData, { mnist }: ImageSources): Promise<ImageParts> {
  if (!mnist) throw withoutReader(data.source);
  const read = await mnist(data);
  const { validation, seed } = data;
  if (validation > 0) return mnistSplits(read, { validation, seed });
  const standIn = mnistSplits(read, { validation: STAND_IN, seed });
  return { ...read, validation: standIn.validation };
}

function faces(data: FacesData, sources: ImageSources): Promise<ImageParts> {
  if (data.source === 'synthetic') return synthetic(data, sources);
  const read = data.source === 'multi-pie' ? sources.multiPie : sources.fer2013;
  if (!read) throw withoutReader(data.source);
  return read(data as never);
}

async function synthetic(data: SyntheticData, { rendered }: ImageSources): Promise<ImageParts> {
  const { identities, testIdentities, validationIdentities, seed } = data;
  const sets = syntheticFaces({ identities, testIdentities, validationIdentities, seed });
  if (!rendered) return sets;
  return {
    training: await rendered(sets.training),
    validation: await rendered(sets.validation),
    test: await rendered(sets.test),
  };
}

function checkKind(images: ImageSet, side: number, classes: number): void {
  if (images.side === side && images.classes.length === classes) return;
  throw new ConfigError('contradiction', {
    path: 'data',
    expected: `images of ${side} × ${side} pixels in ${classes} classes`,
    found: `${images.side} × ${images.side} in ${images.classes.length}`,
  });
}

function withoutReader(source: string): FastWeightsError {
  return new FastWeightsError(
    'no-reader',
    `Nothing was given that reads ${source}. In Node, pass fileSources() of @fastweights/experiments/node to prepareExperiment.`,
  );
}
