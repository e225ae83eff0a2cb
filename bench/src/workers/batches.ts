import type { RetrievalBatch } from '@fastweights/datasets';
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { decodeIntegers, type Init } from '../protocol.ts';

/** The job's batches as tensors, made before the clock runs, as the peers' are. */
export function batchesOf({ ids, targets, job }: Init): RetrievalBatch[] {
  const { batchSize, time } = job;
  const [all, labels] = [decodeIntegers(ids), decodeIntegers(targets)];
  return Array.from({ length: targets.shape[0] ?? 0 }, (_, i) => {
    const strings = all.slice(i * batchSize * time, (i + 1) * batchSize * time);
    const answers = labels.slice(i * batchSize, (i + 1) * batchSize);
    const inputs: Tensor2D = tensor2d(strings, [batchSize, time], 'int32');
    const wanted: Tensor1D = tensor1d(answers, 'int32');
    return { inputs, targets: wanted };
  });
}
