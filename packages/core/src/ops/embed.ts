import { reshape, type Tensor, type Tensor1D, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { fusable } from '../fusable.ts';
import { oneHotRows } from './one-hot-rows.ts';
import { product } from './product.ts';

type Inputs = { readonly ids: Tensor1D; readonly table: Tensor2D };

const run = fusable<Inputs, Record<never, never>, Tensor2D>({
  kernelName: 'FastWeightsEmbed',
  differentiable: ['table'],
  // Not `gather`: its gradient needs UnsortedSegmentSum, which tfjs's wasm backend does not have.
  reference({ ids, table }) {
    return product(oneHotRows(ids, table.shape[0]), table);
  },
});

/**
 * The rows of `table` that an int32 tensor of ids of any shape names, one row after the other: `[ids, width]`. An id that
 * is none gives a row of zeros.
 */
export function embed(ids: Tensor, table: Tensor2D): Tensor2D {
  return tidy(() => run({ ids: reshape(ids, [ids.size]), table }, {}));
}
