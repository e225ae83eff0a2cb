import {
  logSoftmax,
  mean,
  mul,
  neg,
  type Scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { fusable } from '../fusable.ts';
import { oneHotRows } from './one-hot-rows.ts';

type Inputs = { readonly logits: Tensor2D; readonly labels: Tensor1D };

const run = fusable<Inputs, Record<never, never>, Scalar>({
  kernelName: 'FastWeightsSoftmaxCrossEntropy',
  differentiable: ['logits'],
  reference({ logits, labels }) {
    const expected = oneHotRows(labels, logits.shape[1]);
    return neg(mean(sum(mul(expected, logSoftmax(logits)), 1)));
  },
});

/** Mean over the rows of −log softmax(logits)[label], in nats; labels are int32. */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  return run({ logits, labels }, {});
}
