import type { Rank, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { constant, createWeight, type Initializer } from './initializers.ts';
import { type Activation, linear } from './ops/linear.ts';

export type DenseLayer = {
  /** `[inputs, outputs]` */
  readonly kernel: Variable<Rank.R2>;
  readonly bias: Variable<Rank.R1>;
};

/** The weights of a layer that sees everything, with a bias of zero. */
export function denseLayer(
  inputs: number,
  outputs: number,
  initializer: Initializer,
  seed: number,
): DenseLayer {
  return {
    kernel: createWeight<Rank.R2>(initializer, [inputs, outputs], seed),
    bias: createWeight<Rank.R1>(constant(0), [outputs], 0),
  };
}

/** `[rows, inputs]` → `[rows, outputs]` */
export function applyDense(
  x: Tensor2D,
  { kernel, bias }: DenseLayer,
  activation: Activation = 'linear',
): Tensor2D {
  return linear(x, kernel, bias, activation);
}
