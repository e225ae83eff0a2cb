import { checkKeys, type Dataset } from '@fastweights/core';
import { type Tensor1D, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { type ImageDatasetOptions, imageBatches } from './image-batches.ts';
import type { ImageSet } from './image-set.ts';

export type ImageBatch = {
  /** Grey values from 0 to 1: `[batch, side, side, 1]` */
  readonly inputs: Tensor4D;
  /** Classes, int32: `[batch]` */
  readonly targets: Tensor1D;
};

/** Whole images as batches, for a network that sees all at once. */
export function imageDataset(
  images: ImageSet,
  options: ImageDatasetOptions = {},
): Dataset<ImageBatch> {
  checkKeys('imageDataset', options, ['seed', 'shift']);
  const { side } = images;
  return imageBatches(images, options, (pixels, count) =>
    tensor4d(fromBytes(pixels), [count, side, side, 1]),
  );
}

/** A loop, since `Float32Array.from` with a function was measured to take a hundred times as long. */
function fromBytes(pixels: Uint8Array): Float32Array {
  const greys = new Float32Array(pixels.length);
  for (let i = 0; i < greys.length; i++) greys[i] = (pixels[i] as number) / 255;
  return greys;
}
