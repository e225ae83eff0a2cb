import { countWeights, integer, OptionError, random, ShapeError, uniform } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type ConvNetBatch, convNet } from '../src/index.ts';
import {
  crossEntropy,
  dense,
  denseRelu,
  type Layer,
  type Maps,
  oracleConvolution,
} from './conv-net-oracle.ts';
import { describeFeedForward, expectToLearnByHeart } from './feed-forward.ts';

/** Images of noise, with labels as random. */
function noise(count: number, side: number, classes: number, seed: number) {
  const stream = random(seed);
  const images: number[][][][] = Array.from({ length: count }, () =>
    Array.from({ length: side }, () =>
      Array.from({ length: side }, () => [uniform(stream, -1, 1)]),
    ),
  );
  const labels = Array.from({ length: count }, () => integer(stream, classes));
  const batch = (): ConvNetBatch => ({
    inputs: tensor4d(images),
    targets: tensor1d(labels, 'int32'),
  });
  return { images, labels, batch };
}

const small = { side: 7, patch: 3, features: 3, classes: 4, hiddenUnits: 5 };
const { images, labels, batch } = noise(2, small.side, small.classes, 6);

/** The mean loss of a net whose first layer has fields of 3 pixels every `stride`. */
function oracle(layers: readonly Layer[], stride: number) {
  const convolutions = layers.slice(0, -2);
  const [hidden, output] = layers.slice(-2) as [Layer, Layer];
  const pattern: boolean[] = [];
  const losses = images.map((image, i) => {
    let maps: Maps = image;
    convolutions.forEach((layer, depth) => {
      maps = oracleConvolution(maps, depth === 0 ? [3, stride] : [2, 2], layer, pattern);
    });
    const scores = dense(denseRelu(maps.flat(2), hidden, pattern), output);
    return crossEntropy(scores, labels[i] as number);
  });
  return { value: losses.reduce((a, b) => a + b) / losses.length, pattern };
}

describeFeedForward('convNet of two layers', {
  create: (seed) => convNet({ ...small, layers: 2, stride: 3, seed }),
  batch,
  // 3 × 3 fields, 2 × 2 of 3 maps, 2 × 2 positions of 3 maps, 5 units, 4 classes
  weightCount: 9 * 3 + 3 + (12 * 3 + 3) + (12 * 5 + 5) + (5 * 4 + 4),
  oracle: (layers) => oracle(layers, 3),
});

describeFeedForward('convNet of three layers, its fields overlapping', {
  create: (seed) => convNet({ ...small, layers: 3, stride: 2, seed }),
  batch,
  weightCount: 30 + 39 + 39 + (3 * 5 + 5) + 24,
  oracle: (layers) => oracle(layers, 2),
});

describe('convNet', () => {
  it.each([
    // 7·7·50+50, twice 2·2·50·50+50, 2·2·50·100+100, 100·10+10
    [{ side: 28, patch: 7, layers: 3, features: 50, classes: 10 }, [8, 4, 2], 43_710],
    // 2·2·200·200+200 and so on
    [{ side: 28, patch: 7, layers: 3, features: 200, classes: 10 }, [8, 4, 2], 411_510],
    // side by side: 2,500 + 2 · 10,050 + 50·100+100 + 1,010
    [{ side: 28, patch: 7, layers: 3, features: 50, classes: 10, stride: 7 }, [4, 2, 1], 28_710],
    // 12·12·200+200, 2·2·200·200+200, 4·4·200·100+100, 100·6+6
    [{ side: 48, patch: 12, layers: 2, features: 200, classes: 6 }, [7, 4], 509_906],
  ])('has the maps and weights of %j', (options, sides, count) => {
    const model = convNet(options);
    expect(model.sides).toEqual(sides);
    expect(countWeights(model.weights)).toBe(count);
    model.dispose();
  });

  it('answers each image by itself', () => {
    const model = convNet({ ...small, layers: 2, seed: 1 });
    const both = model.predict(tensor4d(images)).arraySync();
    const second = model.predict(tensor4d(images.slice(1))).arraySync();
    expect(both[0]).not.toEqual(both[1]);
    expectClose([both[1] as number[]], second, { relative: 1e-6 });
  });

  it('learns 64 images of noise by heart', () => {
    const options = { side: 8, patch: 4, features: 12, classes: 10, hiddenUnits: 30 };
    for (const layers of [2, 3]) {
      const model = convNet({ ...options, layers, seed: 2 });
      expectToLearnByHeart(model, noise(64, 8, 10, 7).batch(), 70);
    }
  });

  it.each([
    [{ side: 0 }, /^side/],
    [{ patch: 0 }, /^patch/],
    [{ patch: 8 }, /^patch must be a number from 1 to 7/],
    [{ stride: 0 }, /^stride/],
    [{ stride: 4 }, /^stride must be a number from 1 to 3/],
    [{ layers: 0 }, /^layers/],
    [{ layers: 5 }, /^layers must be at most 4, after which one position is left/],
    [{ features: 0 }, /^features/],
    [{ classes: 0 }, /^classes/],
    [{ hiddenUnits: 0 }, /^hiddenUnits/],
    [{ seed: -1 }, /^seed/],
    [{ pool: 2 } as never, /"pool"/],
  ])('refuses %j', (change, message) => {
    expect(() => convNet({ ...small, layers: 2, ...change })).toThrow(OptionError);
    expect(() => convNet({ ...small, layers: 2, ...change })).toThrow(message);
  });

  it('refuses images of another size', () => {
    const model = convNet({ ...small, layers: 2 });
    const inputs = noise(2, 6, 4, 1).batch().inputs;
    expect(() => model.predict(inputs)).toThrow(ShapeError);
    expect(() => model.predict(inputs)).toThrow(/^images .*\[batch, 7, 7, 1\]/);
  });
});
