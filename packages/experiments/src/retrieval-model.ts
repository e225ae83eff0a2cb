import {
  checkKeys,
  checkShape,
  constant,
  createWeight,
  disposeWeights,
  drivenLastOutput,
  embed,
  glorotUniform,
  type Initializer,
  linear,
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
  /** ReLU units between the last state and the answer. Default 100. */
  readonly hiddenUnits?: number;
  /** Initialiser of all weights but the first embedding, which is normal with deviation 0.3. Default Glorot uniform. */
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
    'hiddenUnits',
    'initializer',
    'seed',
  ]);
  const { cell, embeddingSize = 50, hiddenUnits = 100, seed = 0 } = options;
  const { initializer = glorotUniform() } = options;
  const matrix = (name: string, rows: number, columns: number, init = initializer) =>
    createWeight<Rank.R2>(init, [rows, columns], splitSeed(seed, name));
  const bias = (units: number) => createWeight<Rank.R1>(constant(0), [units], 0);

  const weights = {
    embedding: matrix('embedding', retrievalAlphabet.length, embeddingSize, randomNormal(0.3)),
    projection: {
      kernel: matrix('projection', embeddingSize, cell.inputSize),
      bias: bias(cell.inputSize),
    },
    cell: cell.weights,
    hidden: { kernel: matrix('hidden', cell.units, hiddenUnits), bias: bias(hiddenUnits) },
    output: { kernel: matrix('output', hiddenUnits, ANSWERS), bias: bias(ANSWERS) },
  };

  /** Both embeddings of all 37 characters. */
  function vocabulary(): Tensor2D {
    const { kernel, bias } = weights.projection;
    return linear(weights.embedding, kernel, bias);
  }

  function predict(ids: Tensor2D): Tensor2D {
    checkShape('ids', ids, ['batch', 'time'], 'int32');
    return tidy(() => {
      // The drive too acts on each character alone: on 37 of them, however many there are in the batch.
      const last = drivenLastOutput(cell, embed(ids, cell.drive(vocabulary())));
      const { hidden, output } = weights;
      const head = linear(last, hidden.kernel, hidden.bias, 'relu');
      return linear(head, output.kernel, output.bias);
    });
  }

  return {
    weights,
    predict,
    cellInputs: (ids) => tidy(() => embed(ids, vocabulary())),
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}
