import { leakyRelu, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * ReLU, max(0, x), that passes NaN on: of a NaN that arithmetic made, tfjs's own `relu` makes 0 on wasm, and a network
 * that has diverged would look well.
 */
export function rectify(x: Tensor2D): Tensor2D {
  return leakyRelu(x, 0);
}
