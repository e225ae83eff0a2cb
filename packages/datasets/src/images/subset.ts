import {
  checkInteger,
  checkKeys,
  OptionError,
  permutation,
  random,
  splitSeed,
} from '@fastweights/core';
import type { ImageSet } from './image-set.ts';
import { checkIndex } from './memory-images.ts';

/** Some images of a set, in this order, read from it when they are asked for. */
export function subset(images: ImageSet, indices: Uint32Array): ImageSet {
  for (const index of indices) checkIndex(index, images.size);
  const labels = Uint8Array.from(indices, (index) => images.labels[index] as number);
  return {
    size: indices.length,
    side: images.side,
    classes: images.classes,
    labels,
    read(wanted) {
      const mapped = wanted.map((i) => {
        checkIndex(i, indices.length);
        return indices[i] as number;
      });
      return images.read(mapped);
    },
  };
}

/**
 * Parts of a set that share no image, drawn at random; each keeps the set's order. What the sizes leave over is in no
 * part.
 */
export function split<Part extends string>(
  images: ImageSet,
  sizes: Readonly<Record<Part, number>>,
  seed: number,
): Record<Part, ImageSet> {
  const parts = Object.entries(sizes) as [Part, number][];
  for (const [part, size] of parts) checkInteger(`sizes.${part}`, size, 1);
  const sum = parts.reduce((sum, [, size]) => sum + size, 0);
  if (sum > images.size) {
    throw new OptionError('sizes', `at most ${images.size} images in all`, `${sum}`);
  }
  const order = permutation(random(splitSeed(seed, 'split')), images.size);
  let start = 0;
  const subsets = parts.map(([part, size]) => {
    const indices = order.subarray(start, start + size).toSorted();
    start += size;
    return [part, subset(images, indices)];
  });
  return Object.fromEntries(subsets);
}

export type MnistSplits = {
  readonly training: ImageSet;
  readonly validation: ImageSet;
  readonly test: ImageSet;
};

/**
 * 55,000 images to train on, 5,000 to validate and the 10,000 to test. To train on all 60,000, once all choices are
 * made, take the two sets as they are.
 */
export function mnistSplits(
  { training, test }: { readonly training: ImageSet; readonly test: ImageSet },
  options: { readonly validation?: number; readonly seed?: number } = {},
): MnistSplits {
  checkKeys('mnistSplits', options, ['validation', 'seed']);
  const { validation = 5000, seed = 0 } = options;
  checkInteger('validation', validation, 1);
  const sizes = { training: training.size - validation, validation };
  return { ...split(training, sizes, seed), test };
}
