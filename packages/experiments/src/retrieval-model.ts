import {
  applyDense,
  checkKeys,
  checkShape,
  classifierHead,
  createWeight,
  denseLayer,
  disposeWeights,
  drivenLastOutput,
  embed,
  glorotUniform,
  type Initializer,
  type Model,
  type RecurrentCell,
  randomNormal,
  softmaxCrossEntropy,
  splitSeed,
} from '@fastweights/core';
import { type RetrievalBatch, retrievalAlphabet } from '@fastweights/datasets';
import {
  type Rank,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';

export interface RetrievalModelOptions<State extends TensorContainerObject> {
  /** The recurrent layer; its `inputSize` is the width of the second embedding. The model owns it. */
  readonly cell: RecurrentCell<State>;
  /** Width of the first embedding. Default 50. */
  readonly embeddingSize?: number;
  /** Standard deviation of the first embedding before training. Default 0.3. */
  readonly embeddingScale?: number;
  /** ReLU units between the last state and the answer. Default 100. */
  readonly hiddenUnits?: number;
  /** Initialiser of all weights but the first embedding, which is normal. Default Glorot uniform. */
  readonly initializer?: Initializer;
  /** Default 0. */
  readonly seed?: number;
}

export interface RetrievalModel extends Model<RetrievalBatch> {
  /** What the cell is given for strings: ids `[batch, time]` → `[batch, time, inputSize]`. */
  cellInputs(ids: Tensor2D): Tensor3D;
}

const ANSWERS = 10;

/**
 * The network of section 4.1: character → embedding → embedding → recurrent layer → its last state → ReLU units →
 * ten digits.
 */
export function retrievalModel<State extends TensorContainerObject>(
  options: RetrievalModelOptions<State>,
): RetrievalModel {
  checkKeys('retrievalModel', options, [
    'cell',
    'embeddingSize',
    'embeddingScale',
    'hiddenUnits',
    'initializer',
    'seed',
  ]);
  const { cell, embeddingSize = 50, embeddingScale = 0.3, seed = 0 } = options;
  const { hiddenUnits = 100, initializer = glorotUniform() } = options;
  const inputs = cell.units;
  const head = classifierHead({ inputs, hiddenUnits, classes: ANSWERS, initializer, seed });
  const weights = {
    embedding: createWeight<Rank.R2>(
      randomNormal(embeddingScale),
      [retrievalAlphabet.length, embeddingSize],
      splitSeed(seed, 'embedding'),
    ),
    projection: denseLayer(
      embeddingSize,
      cell.inputSize,
      initializer,
      splitSeed(seed, 'projection'),
    ),
    cell: cell.weights,
    ...head.weights,
  };

  /** Both embeddings of all 37 characters. */
  const vocabulary = (): Tensor2D => applyDense(weights.embedding, weights.projection);

  function predict(ids: Tensor2D): Tensor2D {
    checkShape('ids', ids, ['batch', 'time'], 'int32');
    return tidy(() => {
      // The drive too acts on each character alone: on 37 of them, however many there are in the batch.
      return head.scores(drivenLastOutput(cell, embed(ids, cell.drive(vocabulary()))));
    });
  }

  return {
    weights,
    isSteady: true,
    predict,
    cellInputs: (ids) => tidy(() => embed(ids, vocabulary())),
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}
