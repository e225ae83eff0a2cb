import { countWeights, integer, OptionError, random, ShapeError, uniform } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import { reverse, tensor1d, tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type PatchJoin, type PatchNetBatch, patchNet } from '../src/index.ts';
import { crossEntropy, dense, denseRelu, type Layer } from './conv-net-oracle.ts';
import { describeFeedForward, expectToLearnByHeart } from './feed-forward.ts';

function noise(count: number, [patches, size]: [number, number], classes: number, seed: number) {
  const stream = random(seed);
  const images: number[][][] = Array.from({ length: count }, () =>
    Array.from({ length: patches }, () =>
      Array.from({ length: size }, () => uniform(stream, -1, 1)),
    ),
  );
  const labels = Array.from({ length: count }, () => integer(stream, classes));
  const batch = (): PatchNetBatch => ({
    inputs: tensor3d(images),
    targets: tensor1d(labels, 'int32'),
  });
  return { images, labels, batch };
}

const small = { patchSize: 4, patches: 3, features: 5, classes: 4, hiddenUnits: 6 };
const { images, labels, batch } = noise(3, [3, 4], 4, 6);

function oracle(layers: readonly Layer[], join: PatchJoin) {
  const [patch, hidden, output] = layers as [Layer, Layer, Layer];
  const pattern: boolean[] = [];
  const losses = images.map((image, i) => {
    const seen = image.map((x) => denseRelu(x, patch, pattern));
    const joined =
      join === 'concat'
        ? seen.flat()
        : patch.bias.map((_, unit) => seen.reduce((sum, h) => sum + (h[unit] as number), 0));
    const scores = dense(denseRelu(joined, hidden, pattern), output);
    return crossEntropy(scores, labels[i] as number);
  });
  return { value: losses.reduce((a, b) => a + b) / losses.length, pattern };
}

describe.each([
  ['concat', 4 * 5 + 5 + (15 * 6 + 6) + (6 * 4 + 4)],
  ['sum', 4 * 5 + 5 + (5 * 6 + 6) + (6 * 4 + 4)],
] as const)('joining by %s', (join, weightCount) => {
  describeFeedForward('patchNet', {
    create: (seed) => patchNet({ ...small, join, seed }),
    batch,
    weightCount,
    oracle: (layers) => oracle(layers, join),
  });

  it('learns 64 images of noise by heart', () => {
    const model = patchNet({
      patchSize: 9,
      patches: 6,
      features: 12,
      classes: 10,
      join,
      hiddenUnits: 40,
      seed: 2,
    });
    expectToLearnByHeart(model, noise(64, [6, 9], 10, 7).batch(), 70);
  });
});

describe('patchNet', () => {
  it.each([
    // 49·50+50, 24·50·100+100, 100·10+10
    [{ patchSize: 49, features: 50, classes: 10 }, 123_610],
    // 144·200+200, 200·100+100, 100·6+6
    [{ patchSize: 144, features: 200, classes: 6, join: 'sum' }, 49_706],
  ] as const)('has the weights of %j', (options, count) => {
    const model = patchNet(options);
    expect(countWeights(model.weights)).toBe(count);
    model.dispose();
  });

  it('knows where a patch was, unless it sums', () => {
    const [first, last] = [tensor3d(images), reverse(tensor3d(images), 1)];
    const sum = patchNet({ ...small, join: 'sum', seed: 1 });
    expectClose(sum.predict(first), sum.predict(last));
    const concat = patchNet({ ...small, seed: 1 });
    expect(() => expectClose(concat.predict(first), concat.predict(last))).toThrow();
  });

  it.each([
    [{ patchSize: 0 }, /^patchSize/],
    [{ patches: 0 }, /^patches/],
    [{ features: 1.5 }, /^features/],
    [{ classes: 0 }, /^classes/],
    [{ join: 'mean' as never }, /^join must be one of "concat", "sum"/],
    [{ hiddenUnits: 0 }, /^hiddenUnits/],
    [{ seed: -1 }, /^seed/],
    [{ units: 3 } as never, /"units"/],
  ])('refuses %j', (change, message) => {
    expect(() => patchNet({ ...small, ...change })).toThrow(OptionError);
    expect(() => patchNet({ ...small, ...change })).toThrow(message);
  });

  it('refuses glimpses of another number or size', () => {
    const model = patchNet({ ...small, patches: 4 });
    expect(() => model.predict(tensor3d(images))).toThrow(ShapeError);
    expect(() => model.predict(tensor3d(images))).toThrow(/^glimpses .*\[batch, 4, 4\]/);
  });
});
