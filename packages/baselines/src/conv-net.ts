import {
  applyDense,
  type ClassifierHeadWeights,
  checkInteger,
  checkKeys,
  checkRange,
  checkShape,
  classifierHead,
  type DenseLayer,
  denseLayer,
  disposeWeights,
  glorotUniform,
  type Initializer,
  type Model,
  OptionError,
  softmaxCrossEntropy,
  splitSeed,
} from '@fastweights/core';
import { reshape, type Tensor1D, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { patches, patchesAlong } from './patches.ts';

export interface ConvNetOptions {
  /** Width and height of the images. */
  readonly side: number;
  /** Width and height of the first layer's receptive fields. The paper has 7 for 28 × 28, 12 for 48 × 48. */
  readonly patch: number;
  /** Convolutions. The paper has 3 for 28 × 28, 2 for 48 × 48. */
  readonly layers: number;
  /** Feature maps of each convolution. */
  readonly features: number;
  readonly classes: number;
  /** From one receptive field of the first layer to the next. Default: half of `patch`, rounded down. */
  readonly stride?: number;
  /** ReLU units between the last feature maps and the classes. Default 100. */
  readonly hiddenUnits?: number;
  /** Initialiser of all kernels. Default Glorot uniform. */
  readonly initializer?: Initializer;
  /** Default 0. */
  readonly seed?: number;
}

export type ConvNetBatch = {
  /** `[batch, side, side, 1]` */
  readonly inputs: Tensor4D;
  /** Classes, int32: `[batch]` */
  readonly targets: Tensor1D;
};

export type ConvNetWeights = {
  /** A kernel is `[height · width · channels, features]`. */
  readonly convolutions: { readonly [index: string]: DenseLayer };
} & ClassifierHeadWeights;

export interface ConvNet extends Model<ConvNetBatch> {
  readonly weights: ConvNetWeights;
  /** Width and height of the feature maps, layer by layer. */
  readonly sides: readonly number[];
}

/** Every layer after the first joins so many neighbours, across and down, as a quadrant joins its parts. */
const JOINED = 2;

/**
 * The ConvNet that the paper's Tables 2 and 3 compare with. The paper names its layers, receptive fields and features;
 * the rest is our choice. The first convolution has the glimpses' size, and its fields overlap by half. Each further one
 * halves the maps: 2 × 2 fields side by side, zeros beyond an odd edge. There is a ReLU after each, and no pooling. Then
 * the head of the recurrent models: 100 ReLU units and a softmax.
 *
 *     28 × 28 → 8 × 8 × F → 4 × 4 × F → 2 × 2 × F → 100 → 10          three layers, patch 7
 *     48 × 48 → 7 × 7 × F → 4 × 4 × F → 100 → 6                       two layers, patch 12
 *
 * @example
 * const model = convNet({ side: 28, patch: 7, layers: 3, features: 50, classes: 10, seed: 7 });
 * const scores = model.predict(images); // [batch, 28, 28, 1] → [batch, 10]
 */
export function convNet(options: ConvNetOptions): ConvNet {
  const { side, patch, features, stride, ...rest } = checked(options);
  const { initializer, seed } = rest;
  const layer = (name: string, inputs: number): DenseLayer =>
    denseLayer(inputs, features, initializer, splitSeed(seed, name));
  const sides = mapSides(side, patch, stride, rest.layers);
  const convolutions = Object.fromEntries(
    sides.map((_, i) => {
      const inputs = i === 0 ? patch ** 2 : JOINED ** 2 * features;
      return [`${i + 1}`, layer(`convolution ${i + 1}`, inputs)];
    }),
  );
  const last = sides.at(-1) as number;
  const head = classifierHead({ ...rest, inputs: last * last * features });
  const weights: ConvNetWeights = { convolutions, ...head.weights };

  function predict(images: Tensor4D): Tensor2D {
    checkShape('images', images, ['batch', side, side, 1]);
    return tidy(() => {
      let maps = images;
      Object.values(weights.convolutions).forEach((layer, i) => {
        const fields = i === 0 ? { size: patch, stride } : { size: JOINED };
        maps = convolve(maps, fields, layer);
      });
      return head.scores(reshape(maps, [images.shape[0], -1]));
    });
  }

  return {
    weights,
    sides,
    predict,
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}

function convolve(
  maps: Tensor4D,
  fields: { readonly size: number; readonly stride?: number },
  layer: DenseLayer,
): Tensor4D {
  const seen = patches(maps, fields);
  const [batchSize, rows, columns, width] = seen.shape;
  const features = applyDense(reshape(seen, [batchSize * rows * columns, width]), layer, 'relu');
  return reshape(features, [batchSize, rows, columns, -1]);
}

function mapSides(side: number, patch: number, stride: number, layers: number): number[] {
  const sides = [patchesAlong(side, patch, stride)];
  while (sides.length < layers) {
    const last = sides.at(-1) as number;
    if (last === 1) {
      const most = `at most ${sides.length}, after which one position is left`;
      throw new OptionError('layers', most, `${layers}`);
    }
    sides.push(patchesAlong(last, JOINED, JOINED));
  }
  return sides;
}

function checked(options: ConvNetOptions): Required<ConvNetOptions> {
  checkKeys('convNet', options, [
    'side',
    'patch',
    'layers',
    'features',
    'classes',
    'stride',
    'hiddenUnits',
    'initializer',
    'seed',
  ]);
  const { side, patch, layers, features, classes } = options;
  checkInteger('side', side, 1);
  checkInteger('patch', patch, 1);
  checkRange('patch', patch, 1, side);
  const { stride = Math.max(patch >> 1, 1), hiddenUnits = 100, seed = 0 } = options;
  const { initializer = glorotUniform() } = options;
  checkInteger('stride', stride, 1);
  checkRange('stride', stride, 1, patch);
  checkInteger('layers', layers, 1);
  checkInteger('features', features, 1);
  checkInteger('classes', classes, 1);
  checkInteger('hiddenUnits', hiddenUnits, 1);
  checkInteger('seed', seed, 0);
  return { side, patch, layers, features, classes, stride, hiddenUnits, initializer, seed };
}
