import { checkInteger, OptionError, ShapeError } from '@fastweights/core';
import type { ImageSet } from './image-set.ts';

export interface MemoryImages {
  /** Grey values 0 … 255, image after image, row by row. */
  readonly pixels: Uint8Array;
  /** The class of each image. */
  readonly labels: Uint8Array;
  /** Width and height in pixels. */
  readonly side: number;
  readonly classes: readonly string[];
}

/** Images that lie in memory one after the other; nothing is copied until they are read. */
export function memoryImages({ pixels, labels, side, classes }: MemoryImages): ImageSet {
  checkInteger('side', side, 1);
  const area = side ** 2;
  const size = labels.length;
  if (pixels.length !== size * area) {
    throw new ShapeError('pixels', `${size} images of ${area} bytes`, `${pixels.length} bytes`);
  }
  const odd = labels.findIndex((label) => label >= classes.length);
  if (odd >= 0) {
    const most = `classes from 0 to ${classes.length - 1}`;
    throw new OptionError('labels', most, `${labels[odd]} at ${odd}`);
  }
  return {
    size,
    side,
    classes,
    labels,
    read(indices) {
      const images = new Uint8Array(indices.length * area);
      indices.forEach((index, i) => {
        checkIndex(index, size);
        images.set(pixels.subarray(index * area, (index + 1) * area), i * area);
      });
      return images;
    },
  };
}

/** Throws where a set has no such image: what would be read instead are zeros, a black image. */
export function checkIndex(index: number | undefined, size: number): void {
  if (index === undefined || !(index < size)) {
    throw new OptionError('indices', `below the number of images, ${size}`, `${index}`);
  }
}
