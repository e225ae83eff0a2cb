import {
  customGrad,
  type GradSaveFunc,
  matMul,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';

/**
 * `a · b` of two matrices, like `matMul`, with the gradients dy · bᵀ and aᵀ · dy written as a transpose and a plain
 * product: tfjs's wasm backend is several times slower at a product with transpose flags, which its own gradient uses.
 */
export function product(a: Tensor2D, b: Tensor2D): Tensor2D {
  return withGradient(a, b) as Tensor2D;
}

const withGradient = customGrad((a, b, save) => {
  (save as GradSaveFunc)([a as Tensor2D, b as Tensor2D]);
  return {
    value: matMul(a as Tensor2D, b as Tensor2D),
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [Tensor2D, Tensor2D];
      return [product(dy as Tensor2D, transpose(b)), product(transpose(a), dy as Tensor2D)];
    },
  };
});
