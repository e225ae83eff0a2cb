import { checkInteger, checkKeys, checkShape } from '@fastweights/core';
import {
  conv2d,
  eye,
  pad,
  reshape,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

export interface PatchesOptions {
  /** Width and height of a patch. */
  readonly size: number;
  /** From one patch to the next, across and down. Default `size`: they lie side by side. */
  readonly stride?: number;
}

/** How many patches there are along a side; the last one reaches the end, or beyond it. */
export function patchesAlong(side: number, size: number, stride: number): number {
  return Math.ceil(Math.max(side - size, 0) / stride) + 1;
}

/**
 * The square patches of images, so that a convolution is a product of matrices: `[batch, height, width, channels]` →
 * `[batch, rows, columns, size² · channels]`, a patch row by row, its channels innermost. Where the last patches reach
 * beyond the image, they see zeros.
 *
 * Convolutions go this way since tfjs's gradient of a filter has no kernel in WebAssembly, and takes seconds on cpu.
 */
export function patches(images: Tensor4D, options: PatchesOptions): Tensor4D {
  checkKeys('patches', options, ['size', 'stride']);
  const { size, stride = size } = options;
  checkInteger('size', size, 1);
  checkInteger('stride', stride, 1);
  checkShape('images', images, ['batch', 'height', 'width', 'channels']);
  return tidy(() => {
    const whole = padToWhole(images, size, stride);
    return stride === size ? tiles(whole, size) : overlapping(whole, size, stride);
  });
}

function padToWhole(images: Tensor4D, size: number, stride: number): Tensor4D {
  const missing = images.shape
    .slice(1, 3)
    .map((side) => (patchesAlong(side, size, stride) - 1) * stride + size - side);
  const [below, right] = missing.map((count) => Math.max(count, 0)) as [number, number];
  if (below === 0 && right === 0) return images;
  return pad(images, [
    [0, 0],
    [0, below],
    [0, right],
    [0, 0],
  ]);
}

/** Patches side by side: the same numbers in another order. */
function tiles(images: Tensor4D, size: number): Tensor4D {
  const [batchSize, height, width, channels] = images.shape;
  const [rows, columns] = [height / size, width / size];
  const split = reshape(images, [batchSize, rows, size, columns, size * channels]);
  const ordered = transpose(split, [0, 1, 3, 2, 4]);
  return reshape(ordered, [batchSize, rows, columns, size * size * channels]);
}

/** tfjs's own convolution with filters that pick one pixel each; unlike `gather`, it is fast, and has a gradient everywhere. */
function overlapping(images: Tensor4D, size: number, stride: number): Tensor4D {
  const [, , , channels] = images.shape;
  const width = size * size * channels;
  const pick: Tensor2D = eye(width);
  return conv2d(images, reshape(pick, [size, size, channels, width]) as Tensor4D, stride, 'valid');
}
