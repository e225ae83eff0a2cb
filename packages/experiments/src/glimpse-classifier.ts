import {
  checkInteger,
  checkKeys,
  checkShape,
  classifierHead,
  disposeWeights,
  driveAll,
  drivenLastOutput,
  glorotUniform,
  type Initializer,
  type Model,
  type RecurrentCell,
  softmaxCrossEntropy,
} from '@fastweights/core';
import type { GlimpseBatch } from '@fastweights/datasets';
import {
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';

export interface GlimpseClassifierOptions<State extends TensorContainerObject> {
  /** The recurrent layer; its `inputSize` is the number of pixels of a glimpse. The model owns it. */
  readonly cell: RecurrentCell<State>;
  readonly classes: number;
  /** ReLU units between the last state and the answer. Default 100. */
  readonly hiddenUnits?: number;
  /** Initialiser of the weights of both layers after the cell. Default Glorot uniform. */
  readonly initializer?: Initializer;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * The network of sections 4.2 and 4.3: the glimpses of an image → recurrent layer → its last state → ReLU units → classes.
 *
 * What each glimpse means is the cell's affair: `glimpseCell` brings it along, and to any other cell it is a sequence like
 * another.
 */
export function glimpseClassifier<State extends TensorContainerObject>(
  options: GlimpseClassifierOptions<State>,
): Model<GlimpseBatch> {
  checkKeys('glimpseClassifier', options, [
    'cell',
    'classes',
    'hiddenUnits',
    'initializer',
    'seed',
  ]);
  const { cell, classes, hiddenUnits = 100, seed = 0 } = options;
  checkInteger('classes', classes, 2);
  checkInteger('hiddenUnits', hiddenUnits, 1);
  checkInteger('seed', seed, 0);
  const { initializer = glorotUniform() } = options;
  const head = classifierHead({ inputs: cell.units, hiddenUnits, classes, initializer, seed });
  const weights = { cell: cell.weights, ...head.weights };

  function predict(glimpses: Tensor3D): Tensor2D {
    checkShape('glimpses', glimpses, ['batch', 'time', cell.inputSize]);
    return tidy(() => head.scores(drivenLastOutput(cell, driveAll(cell, glimpses))));
  }

  return {
    weights,
    isSteady: true,
    predict,
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}
