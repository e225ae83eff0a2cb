import { type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { applyDense, type DenseLayer, denseLayer } from './dense-layer.ts';
import type { Initializer } from './initializers.ts';
import { splitSeed } from './random.ts';

export interface ClassifierHeadOptions {
  /** Width of what is classified. */
  readonly inputs: number;
  readonly hiddenUnits: number;
  readonly classes: number;
  readonly initializer: Initializer;
  readonly seed: number;
}

export type ClassifierHeadWeights = { readonly hidden: DenseLayer; readonly output: DenseLayer };

export interface ClassifierHead {
  readonly weights: ClassifierHeadWeights;
  /** `[batch, inputs]` → `[batch, classes]`, before the softmax. */
  scores(x: Tensor2D): Tensor2D;
}

/** What all of the paper's classifiers end with: ReLU units, then a softmax over the classes. */
export function classifierHead(options: ClassifierHeadOptions): ClassifierHead {
  const { inputs, hiddenUnits, classes, initializer, seed } = options;
  const weights = {
    hidden: denseLayer(inputs, hiddenUnits, initializer, splitSeed(seed, 'hidden')),
    output: denseLayer(hiddenUnits, classes, initializer, splitSeed(seed, 'output')),
  };
  return {
    weights,
    scores: (x) => tidy(() => applyDense(applyDense(x, weights.hidden, 'relu'), weights.output)),
  };
}
