import { add, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkChoice, checkShape } from '../checks.ts';
import { fusable } from '../fusable.ts';
import { product } from './product.ts';
import { rectify } from './rectify.ts';

export type Activation = 'linear' | 'relu';

type Inputs = {
  readonly x: Tensor2D;
  readonly kernel: Tensor2D;
  readonly bias: Tensor1D | undefined;
};

const run = fusable<Inputs, { readonly activation: Activation }, Tensor2D>({
  kernelName: 'FastWeightsLinear',
  differentiable: ['x', 'kernel', 'bias'],
  reference({ x, kernel, bias }, { activation }) {
    const weighted = product(x, kernel);
    const sum = bias ? add<Tensor2D>(weighted, bias) : weighted;
    return activation === 'relu' ? rectify(sum) : sum;
  },
});

/** `f(x · kernel + bias)`: `[rows, inputs]` · `[inputs, outputs]` → `[rows, outputs]`. */
export function linear(
  x: Tensor2D,
  kernel: Tensor2D,
  bias?: Tensor1D,
  activation: Activation = 'linear',
): Tensor2D {
  checkChoice('activation', activation, ['linear', 'relu']);
  checkShape('x', x, ['rows', 'inputs']);
  checkShape('kernel', kernel, [x.shape[1], 'outputs']);
  if (bias) checkShape('bias', bias, [kernel.shape[1]]);
  return run({ x, kernel, bias }, { activation });
}
