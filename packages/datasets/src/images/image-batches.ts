import { type Batch, checkInteger, type Dataset } from '@fastweights/core';
import { type Tensor, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import { examplesDataset } from '../examples-dataset.ts';
import type { ImageSet } from './image-set.ts';
import { imageShifter } from './shifts.ts';

export interface ImageDatasetOptions {
  /** Of the order of each epoch, and of the shifts. Default 0. */
  readonly seed?: number;
  /** Moves the shuffled images by up to so many pixels on each axis, anew in each epoch. Default 0. */
  readonly shift?: number;
}

/** Images as batches of whatever `inputsOf` makes of their pixels; shifted when shuffled, and never in order. */
export function imageBatches<Inputs extends Tensor>(
  images: ImageSet,
  options: ImageDatasetOptions,
  inputsOf: (pixels: Uint8Array, count: number) => Inputs,
): Dataset<Batch & { readonly inputs: Inputs; readonly targets: Tensor1D }> {
  const { seed = 0, shift = 0 } = options;
  const { size, side, labels } = images;
  checkInteger('the number of images', size, 1);
  checkInteger('seed', seed, 0);
  const shifted = imageShifter({ size, side, shift, seed });
  return examplesDataset({
    size,
    seed,
    async batchOf(examples, epoch) {
      const pixels = shifted(await images.read(examples), examples, epoch);
      const targets = Int32Array.from(examples, (example) => labels[example] as number);
      return { inputs: inputsOf(pixels, examples.length), targets: tensor1d(targets, 'int32') };
    },
  });
}
