import {
  checkInteger,
  type Dataset,
  OptionError,
  type Position,
  permutation,
  random,
  splitSeed,
} from '@fastweights/core';
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';

export type RetrievalBatch = {
  /** Ids of characters, int32: `[batch, time]` */
  readonly inputs: Tensor2D;
  /** The digits asked for, int32: `[batch]` */
  readonly targets: Tensor1D;
};

export interface RetrievalStrings {
  /** All strings, one after the other. */
  readonly ids: Uint8Array;
  readonly answers: Uint8Array;
  /** Characters in a string. */
  readonly length: number;
}

/** Strings of one length as batches; each epoch has an order of its own, which follows from the seed. */
export function retrievalDataset(strings: RetrievalStrings, seed: number): Dataset<RetrievalBatch> {
  const { ids, answers, length } = strings;
  const size = answers.length;
  checkInteger('the number of strings', size, 1);

  function batch(examples: Uint32Array): RetrievalBatch {
    const inputs = new Int32Array(examples.length * length);
    examples.forEach((example, row) => {
      inputs.set(ids.subarray(example * length, (example + 1) * length), row * length);
    });
    const targets = Int32Array.from(examples, (example) => answers[example] as number);
    return {
      inputs: tensor2d(inputs, [examples.length, length], 'int32'),
      targets: tensor1d(targets, 'int32'),
    };
  }

  return {
    size,
    async *batches(batchSize, from: Position = { epoch: 0, example: 0 }) {
      checkInteger('batchSize', batchSize, 1);
      checkInteger('from.epoch', from.epoch, 0);
      checkInteger('from.example', from.example, 0);
      if (from.example > size) {
        throw new OptionError('from.example', `at most ${size}`, `${from.example}`);
      }
      let { example } = from;
      for (let { epoch } = from; ; epoch++) {
        const order = permutation(random(splitSeed(seed, `epoch ${epoch}`)), size);
        for (; example < size; example += batchSize) {
          yield batch(order.subarray(example, example + batchSize));
        }
        example = 0;
      }
    },
    async *inOrder(batchSize) {
      checkInteger('batchSize', batchSize, 1);
      for (let example = 0; example < size; example += batchSize) {
        const count = Math.min(batchSize, size - example);
        yield batch(Uint32Array.from({ length: count }, (_, i) => example + i));
      }
    },
  };
}
