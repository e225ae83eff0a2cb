import {
  applyDense,
  type ClassifierHeadWeights,
  checkChoice,
  checkInteger,
  checkKeys,
  checkShape,
  classifierHead,
  type DenseLayer,
  denseLayer,
  disposeWeights,
  glorotUniform,
  type Initializer,
  type Model,
  softmaxCrossEntropy,
  splitSeed,
} from '@fastweights/core';
import {
  reshape,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from '@tensorflow/tfjs-core';

export interface PatchNetOptions {
  /** Numbers in a patch: 49 for the paper's 7 × 7, 144 for 12 × 12. */
  readonly patchSize: number;
  /** Patches of an image. Default 24, the paper's glimpses. */
  readonly patches?: number;
  /** ReLU units that see each patch, the same ones for all. */
  readonly features: number;
  readonly classes: number;
  /**
   * How the patches' features meet: side by side, so that the head knows which patch each came from, or as their sum,
   * which knows what was seen and not where. Default `'concat'`.
   */
  readonly join?: PatchJoin;
  /** ReLU units between the joined features and the classes. Default 100. */
  readonly hiddenUnits?: number;
  /** Initialiser of all kernels. Default Glorot uniform. */
  readonly initializer?: Initializer;
  /** Default 0. */
  readonly seed?: number;
}

export type PatchJoin = 'concat' | 'sum';

export type PatchNetBatch = {
  /** `[batch, patches, patchSize]` */
  readonly inputs: Tensor3D;
  /** Classes, int32: `[batch]` */
  readonly targets: Tensor1D;
};

export type PatchNetWeights = { readonly patch: DenseLayer } & ClassifierHeadWeights;

export interface PatchNet extends Model<PatchNetBatch> {
  readonly weights: PatchNetWeights;
}

/**
 * A control of our own, which the paper does not have: the glimpses without recurrence. Each is seen by the same layer,
 * as in the recurrent models, and all of them by the head at once. What this network can do needs no memory.
 *
 * @example
 * const model = patchNet({ patchSize: 49, features: 50, classes: 10, seed: 7 });
 * const scores = model.predict(glimpses); // [batch, 24, 49] → [batch, 10]
 */
export function patchNet(options: PatchNetOptions): PatchNet {
  const { patchSize, patches, features, join, ...rest } = checked(options);
  const { initializer, seed } = rest;
  const head = classifierHead({
    ...rest,
    inputs: join === 'sum' ? features : patches * features,
  });
  const weights: PatchNetWeights = {
    patch: denseLayer(patchSize, features, initializer, splitSeed(seed, 'patch')),
    ...head.weights,
  };

  function predict(glimpses: Tensor3D): Tensor2D {
    checkShape('glimpses', glimpses, ['batch', patches, patchSize]);
    const [batchSize] = glimpses.shape;
    return tidy(() => {
      const seen = applyDense(
        reshape(glimpses, [batchSize * patches, patchSize]),
        weights.patch,
        'relu',
      );
      const joined: Tensor2D =
        join === 'sum'
          ? sum<Tensor2D>(reshape(seen, [batchSize, patches, features]), 1)
          : reshape(seen, [batchSize, patches * features]);
      return head.scores(joined);
    });
  }

  return {
    weights,
    isSteady: true,
    predict,
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}

function checked(options: PatchNetOptions): Required<PatchNetOptions> {
  checkKeys('patchNet', options, [
    'patchSize',
    'patches',
    'features',
    'classes',
    'join',
    'hiddenUnits',
    'initializer',
    'seed',
  ]);
  const { patchSize, patches = 24, features, classes, join = 'concat' } = options;
  const { hiddenUnits = 100, initializer = glorotUniform(), seed = 0 } = options;
  checkInteger('patchSize', patchSize, 1);
  checkInteger('patches', patches, 1);
  checkInteger('features', features, 1);
  checkInteger('classes', classes, 1);
  checkChoice('join', join, ['concat', 'sum']);
  checkInteger('hiddenUnits', hiddenUnits, 1);
  checkInteger('seed', seed, 0);
  return { patchSize, patches, features, classes, join, hiddenUnits, initializer, seed };
}
