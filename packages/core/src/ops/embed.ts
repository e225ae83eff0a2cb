import { reshape, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { fusable } from '../fusable.ts';
import { oneHotRows } from './one-hot-rows.ts';
import { product } from './product.ts';

type Inputs = { readonly ids: Tensor; readonly table: Tensor2D };

const run = fusable<Inputs, Record<never, never>, Tensor>({
  kernelName: 'FastWeightsEmbed',
  differentiable: ['table'],
  // Not `gather`: its gradient needs UnsortedSegmentSum, which tfjs's wasm backend does not have.
  reference({ ids, table }) {
    const rows = product(oneHotRows(reshape(ids, [ids.size]), table.shape[0]), table);
    return reshape(rows, [...ids.shape, table.shape[1]]);
  },
});

/**
 * The rows of `table` that an int32 tensor of ids of any shape names: `[...ids.shape, width]`. An id that is none gives a
 * row of zeros.
 */
export function embed<T extends Tensor>(ids: Tensor, table: Tensor2D): T {
  return tidy(() => run({ ids, table }, {})) as T;
}
