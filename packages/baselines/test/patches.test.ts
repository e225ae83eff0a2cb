import { OptionError, random, ShapeError, uniform } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { dispose, grad, mul, sum, type Tensor4D, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { patches } from '../src/index.ts';
import { starts } from './conv-net-oracle.ts';

const stream = random(8);
const draw = (shape: [number, number, number, number]): Tensor4D => {
  const length = shape.reduce((a, b) => a * b, 1);
  return tensor4d(
    Float32Array.from({ length }, () => uniform(stream, -1, 1)),
    shape,
  );
};

/** Where each number of the patches comes from in the image, or undefined beyond its edge. */
function sources(
  [, height, width, channels]: readonly number[],
  size: number,
  stride: number,
): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  for (const top of starts(height as number, size, stride)) {
    for (const left of starts(width as number, size, stride)) {
      for (let y = top; y < top + size; y++) {
        for (let x = left; x < left + size; x++) {
          for (let c = 0; c < (channels as number); c++) {
            const inside = y < (height as number) && x < (width as number);
            found.push(inside ? (y * (width as number) + x) * (channels as number) + c : undefined);
          }
        }
      }
    }
  }
  return found;
}

describe('patches', () => {
  it.each([
    [[2, 6, 6, 1], 3, 3, [2, 2, 2, 9]],
    [[2, 4, 6, 3], 2, 2, [2, 2, 3, 12]],
    [[1, 5, 7, 2], 2, 2, [1, 3, 4, 8]],
    [[2, 7, 7, 1], 3, 2, [2, 3, 3, 9]],
    [[2, 8, 5, 2], 3, 2, [2, 4, 2, 18]],
    [[1, 6, 9, 1], 2, 3, [1, 3, 4, 4]],
    [[1, 5, 5, 1], 3, 1, [1, 3, 3, 9]],
    [[2, 2, 3, 1], 4, 4, [2, 1, 1, 16]],
    [[2, 28, 28, 1], 7, 3, [2, 8, 8, 49]],
  ] as const)('of images %j, %i wide, every %i, and their gradient', (shape, size, stride, cut) => {
    const images = draw([...shape]);
    const from = sources(shape, size, stride);
    const found = patches(images, { size, stride });
    expect(found.shape).toEqual(cut);
    const pixels = images.dataSync();
    const [batchSize] = shape;
    const perImage = images.size / batchSize;
    const expected = Array.from({ length: batchSize }, (_, b) =>
      from.map((i) => (i === undefined ? 0 : (pixels[b * perImage + i] as number))),
    );
    expect([...found.dataSync()]).toEqual(expected.flat());

    const weights = draw([...cut]);
    const gradient = grad((x) => sum(mul(patches(x as Tensor4D, { size, stride }), weights)));
    const sums = new Array<number>(images.size).fill(0);
    [...weights.dataSync()].forEach((weight, k) => {
      const source = from[k % from.length];
      if (source === undefined) return;
      const i = Math.floor(k / from.length) * perImage + source;
      sums[i] = (sums[i] as number) + weight;
    });
    expectClose(gradient(images), sums);
  });

  it('lie side by side by default, and leave nothing behind', async () => {
    const images = draw([1, 4, 4, 1]);
    expectClose(patches(images, { size: 2 }), patches(images, { size: 2, stride: 2 }));
    await expectNoLeaks(() => {
      for (const stride of [1, 2]) dispose(patches(images, { size: 2, stride }));
    });
  });

  it('refuses what is no image, and options that are none', () => {
    expect(() => patches(tensor3d([[[1]]]) as never, { size: 1 })).toThrow(ShapeError);
    const images = draw([1, 4, 4, 1]);
    for (const options of [{ size: 0 }, { size: 1.5 }, { size: 2, stride: 0 }]) {
      expect(() => patches(images, options)).toThrow(OptionError);
    }
    expect(() => patches(images, { size: 2, pad: 1 } as never)).toThrow(/"pad"/);
  });
});
