import {
  div,
  logSoftmax,
  mean,
  mul,
  neg,
  type Scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../checks.ts';
import { fusable } from '../fusable.ts';
import { oneHotRows } from './one-hot-rows.ts';

type Inputs = { readonly logits: Tensor2D; readonly labels: Tensor1D };

const run = fusable<Inputs, Record<never, never>, Scalar>({
  kernelName: 'FastWeightsSoftmaxCrossEntropy',
  differentiable: ['logits'],
  reference({ logits, labels }) {
    const expected = oneHotRows(labels, logits.shape[1]);
    // A label that is none has no 1 in its row: 0 / 0 makes the loss NaN, where it would otherwise be 0.
    const score = div(sum(mul(expected, logSoftmax(logits)), 1), sum(expected, 1));
    return neg(mean(score));
  },
});

/** Mean over the rows of −log softmax(logits)[label], in nats; labels are int32, and NaN comes of one that is none. */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  checkShape('logits', logits, ['rows', 'classes']);
  checkShape('labels', labels, [logits.shape[0]], 'int32');
  return run({ logits, labels }, {});
}
