import {
  type Batch,
  checkInteger,
  checkPart,
  type Dataset,
  OptionError,
  type Part,
  type Position,
  permutation,
  random,
  rangeOf,
  splitSeed,
} from '@fastweights/core';

export interface Examples<B extends Batch> {
  readonly size: number;
  readonly seed: number;
  /** These examples as a batch. The epoch is for what is drawn anew in each; in order, there is none. */
  batchOf(examples: Uint32Array, epoch?: number): B | Promise<B>;
}

/** Numbered examples as batches; each epoch has an order of its own, which follows from the seed. */
export function examplesDataset<B extends Batch>(examples: Examples<B>): Dataset<B> {
  const { size, seed } = examples;
  return {
    size,
    async *batches(batchSize, from: Position = { epoch: 0, example: 0 }, part?: Part) {
      checkInteger('batchSize', batchSize, 1);
      if (part) checkPart(part);
      checkInteger('from.epoch', from.epoch, 0);
      checkInteger('from.example', from.example, 0);
      if (from.example > size) {
        throw new OptionError('from.example', `at most ${size}`, `${from.example}`);
      }
      let { example } = from;
      for (let { epoch } = from; ; epoch++) {
        const order = permutation(random(splitSeed(seed, `epoch ${epoch}`)), size);
        for (; example < size; example += batchSize) {
          const batch = order.subarray(example, example + batchSize);
          yield await examples.batchOf(batch.subarray(...rangeOf(part, batch.length)), epoch);
        }
        example = 0;
      }
    },
    async *inOrder(batchSize, part?: Part) {
      checkInteger('batchSize', batchSize, 1);
      if (part) checkPart(part);
      const [first, end] = rangeOf(part, size);
      for (let example = first; example < end; example += batchSize) {
        const count = Math.min(batchSize, end - example);
        yield await examples.batchOf(Uint32Array.from({ length: count }, (_, i) => example + i));
      }
    },
  };
}
