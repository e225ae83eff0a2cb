import {
  type Batch,
  constant,
  createWeight,
  type Dataset,
  disposeWeights,
  glorotUniform,
  linear,
  type Model,
  permutation,
  random,
  rangeOf,
  softmaxCrossEntropy,
  splitSeed,
  uniform,
} from '@fastweights/core';
import type { Variable } from '@tensorflow/tfjs-core';
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';

export type Points = Batch & { readonly inputs: Tensor2D; readonly targets: Tensor1D };

/** Points of the plane, labelled by the side of a line that they are on; each epoch has an order of its own. */
export function points(size: number, seed: number, flip = false): Dataset<Points> {
  const stream = random(seed);
  const xs = Array.from({ length: size }, () => [uniform(stream, -1, 1), uniform(stream, -1, 1)]);
  const label = ([a, b]: number[]): number =>
    Number((a as number) + 2 * (b as number) > 0 !== flip);
  const batchOf = (examples: Uint32Array): Points => {
    const rows = [...examples].map((example) => xs[example] as number[]);
    return {
      inputs: tensor2d(rows.flat(), [rows.length, 2]),
      targets: tensor1d(rows.map(label), 'int32'),
    };
  };
  return {
    size,
    async *batches(batchSize, from = { epoch: 0, example: 0 }, part) {
      let { example } = from;
      for (let { epoch } = from; ; epoch++) {
        const order = permutation(random(splitSeed(seed, `${epoch}`)), size);
        for (; example < size; example += batchSize) {
          const batch = order.subarray(example, example + batchSize);
          yield batchOf(batch.subarray(...rangeOf(part, batch.length)));
        }
        example = 0;
      }
    },
    async *inOrder(batchSize, part) {
      const all = Uint32Array.from(xs.keys()).subarray(...rangeOf(part, size));
      for (let i = 0; i < all.length; i += batchSize) yield batchOf(all.subarray(i, i + batchSize));
    },
  };
}

export type Classifier = Model<Points> & { weights: { kernel: Variable; bias: Variable } };

export function classifier(seed = 1): Classifier {
  const weights = {
    kernel: createWeight<never>(glorotUniform(), [2, 2] as never, seed) as Variable,
    bias: createWeight<never>(constant(0), [2] as never, seed) as Variable,
  };
  const predict = (x: Tensor2D) => linear(x, weights.kernel as never, weights.bias as never);
  return {
    weights,
    isSteady: true,
    predict,
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}
