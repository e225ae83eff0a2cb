import { checkKeys, type Dataset } from '@fastweights/core';
import { type Tensor1D, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { glimpses } from './glimpses.ts';
import { type ImageDatasetOptions, imageBatches } from './image-batches.ts';
import type { ImageSet } from './image-set.ts';

export interface GlimpseDatasetOptions extends ImageDatasetOptions {
  /** Scales of glimpses. Default 2, the paper's. */
  readonly levels?: number;
}

export type GlimpseBatch = {
  /** Patches of grey values from 0 to 1: `[batch, steps, patch²]` */
  readonly inputs: Tensor3D;
  /** Classes, int32: `[batch]` */
  readonly targets: Tensor1D;
};

/** Images as sequences of glimpses, in the order of the paper's Figure 3. */
export function glimpseDataset(
  images: ImageSet,
  options: GlimpseDatasetOptions = {},
): Dataset<GlimpseBatch> {
  checkKeys('glimpseDataset', options, ['seed', 'shift', 'levels']);
  const { levels = 2, ...others } = options;
  const scheme = glimpses({ side: images.side, levels });
  const { steps, patch } = scheme;
  return imageBatches(images, others, (pixels, count) =>
    tensor3d(scheme.extract(pixels, count), [count, steps, patch ** 2]),
  );
}
