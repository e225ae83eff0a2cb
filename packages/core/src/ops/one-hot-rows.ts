import { cast, oneHot, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * One row per id, 1 at the id and 0 elsewhere, as float32. Made as int32 and cast: asked for float32 directly, tfjs's
 * wasm backend writes the bits of the integer 1.
 */
export function oneHotRows(ids: Tensor1D, depth: number): Tensor2D {
  return cast(oneHot(ids, depth) as Tensor2D, 'float32');
}
