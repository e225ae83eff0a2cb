import {
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../checks.ts';
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
export function embed(ids: Tensor1D, table: Tensor2D): Tensor2D;
export function embed(ids: Tensor2D, table: Tensor2D): Tensor3D;
export function embed(ids: Tensor, table: Tensor2D): Tensor;
export function embed(ids: Tensor, table: Tensor2D): Tensor {
  checkShape('table', table, ['ids', 'width']);
  checkShape('ids', ids, ids.shape, 'int32');
  return tidy(() => run({ ids, table }, {}));
}
