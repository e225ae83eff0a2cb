import {
  type Batch,
  constant,
  createWeight,
  disposeWeights,
  glorotUniform,
  linear,
  type Model,
  permutation,
  type Random,
  random,
  softmaxCrossEntropy,
  splitSeed,
} from '@fastweights/core';
import { adam, trainingStep } from '@fastweights/trainers';
import {
  argMax,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';

/** Examples as numbers, and the class of each. */
export interface Examples {
  /** Of one example, without the batch. */
  readonly shape: readonly number[];
  readonly labels: Uint8Array;
  /** Fills `row` with the numbers of an example; while training, `random` is there for whoever varies them. */
  write(example: number, row: Float32Array, random?: Random): void;
}

export interface ProbeOptions {
  readonly learningRate: number;
  readonly epochs: number;
  readonly seed: number;
  /** Told the answers to all test sets after every epoch. */
  readonly onEpoch: (epoch: number, answers: readonly Uint8Array[]) => void;
}

const BATCH = 128;

type RowBatch = { readonly inputs: Tensor2D; readonly targets: Tensor1D };

/** Fully connected layers with ReLU between them; two sizes make a softmax regression. */
export function layeredProbe(sizes: readonly number[], seed: number): Model<RowBatch> {
  const layers = sizes.slice(1).map((outputs, i) => {
    const shape: [number, number] = [sizes[i] as number, outputs];
    return {
      kernel: createWeight<Rank.R2>(glorotUniform(), shape, splitSeed(seed, `layer ${i}`)),
      bias: createWeight<Rank.R1>(constant(0), [outputs], 0),
    };
  });
  const weights = Object.fromEntries(layers.entries());
  const activation = (i: number) => (i < layers.length - 1 ? 'relu' : 'linear');
  const predict = (inputs: Tensor2D): Tensor2D =>
    tidy(() =>
      layers.reduce((x, { kernel, bias }, i) => linear(x, kernel, bias, activation(i)), inputs),
    );
  return {
    weights,
    predict,
    loss: ({ inputs, targets }) => tidy(() => softmaxCrossEntropy(predict(inputs), targets)),
    dispose: () => disposeWeights(weights),
  };
}

/** Trains on one set of examples and tells after each epoch how well others are told apart. */
export async function probe<B extends Batch>(
  model: Model<B>,
  training: Examples,
  tests: readonly Examples[],
  { learningRate, epochs, seed, onEpoch }: ProbeOptions,
): Promise<void> {
  const optimizer = adam(model.weights, { learningRate });
  const step = trainingStep(model, optimizer);
  const varied = random(splitSeed(seed, 'variation'));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(random(splitSeed(seed, `epoch ${epoch}`)), training.labels.length);
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = batchOf(training, order.subarray(from, from + BATCH), varied);
      step(batch as B).dispose();
      batch.inputs.dispose();
      batch.targets.dispose();
    }
    const found: Uint8Array[] = [];
    for (const test of tests) found.push(await answers(model, test));
    onEpoch(epoch, found);
  }
  optimizer.dispose();
}

function batchOf(examples: Examples, which: Uint32Array, varied?: Random) {
  const width = examples.shape.reduce((product, size) => product * size, 1);
  const rows = new Float32Array(which.length * width);
  which.forEach((example, i) => {
    examples.write(example, rows.subarray(i * width, (i + 1) * width), varied);
  });
  const labels = Int32Array.from(which, (example) => examples.labels[example] as number);
  return {
    inputs: tensor(rows, [which.length, ...examples.shape]),
    targets: tensor1d(labels, 'int32'),
  };
}

async function answers<B extends Batch>(model: Model<B>, examples: Examples): Promise<Uint8Array> {
  const size = examples.labels.length;
  const found = new Uint8Array(size);
  for (let from = 0; from < size; from += BATCH) {
    const which = Uint32Array.from({ length: Math.min(BATCH, size - from) }, (_, i) => from + i);
    const { inputs, targets } = batchOf(examples, which);
    const best = tidy((): Tensor => argMax(model.predict(inputs as B['inputs']), 1));
    found.set(await best.data<'int32'>(), from);
    for (const used of [inputs, targets, best]) used.dispose();
  }
  return found;
}

/** The share of right answers, of all examples or of one class. */
export function accuracy(
  answers: Uint8Array,
  { labels }: { readonly labels: Uint8Array },
  label?: number,
): number {
  const asked = labels.filter((found) => label === undefined || found === label).length;
  const right = labels.filter(
    (found, i) => found === answers[i] && (label === undefined || found === label),
  ).length;
  return right / asked;
}
