import {
  customGrad,
  type GradSaveFunc,
  leakyRelu,
  mul,
  step,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * ReLU, max(0, x), that passes NaN on: of a NaN that arithmetic made, tfjs's own `relu` makes 0 on wasm, and a network
 * that has diverged would look well. The gradient is written out, since that of `leakyRelu` has none itself.
 */
export function rectify(x: Tensor2D): Tensor2D {
  return withGradient(x) as Tensor2D;
}

const withGradient = customGrad((x, save) => {
  (save as GradSaveFunc)([x as Tensor2D]);
  return {
    value: leakyRelu(x as Tensor2D, 0),
    gradFunc: (dy, saved) => mul(dy, step(saved[0] as Tensor2D)),
  };
});
