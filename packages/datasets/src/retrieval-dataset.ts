import { checkInteger, type Dataset } from '@fastweights/core';
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { examplesDataset } from './examples-dataset.ts';

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

  function batchOf(examples: Uint32Array): RetrievalBatch {
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
  return examplesDataset({ size, seed, batchOf });
}
