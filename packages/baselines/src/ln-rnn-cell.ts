import {
  checkInteger,
  checkKeys,
  constant,
  createWeight,
  glorotUniform,
  type Initializer,
  scaledIdentity,
  splitSeed,
} from '@fastweights/core';
import type { Rank, ShapeMap, Variable } from '@tensorflow/tfjs-core';
import { type RectifiedCell, rectifiedCell } from './rectified-cell.ts';

export interface LnRnnCellOptions {
  readonly inputSize: number;
  readonly units: number;
  /** Defaults: Glorot uniform for `kernel`, 0.05 · I for `recurrentKernel`, as the fast weights have them. */
  readonly initializers?: {
    readonly kernel?: Initializer;
    readonly recurrentKernel?: Initializer;
  };
  /** Default 0. */
  readonly seed?: number;
}

export type LnRnnCellWeights = {
  /** C: `[inputSize, units]` */
  readonly kernel: Variable<Rank.R2>;
  /** W: `[units, units]` */
  readonly recurrentKernel: Variable<Rank.R2>;
  /** Layer norm's, `[units]`. */
  readonly gain: Variable<Rank.R1>;
  readonly bias: Variable<Rank.R1>;
};

export type LnRnnCell = RectifiedCell<LnRnnCellWeights>;

/**
 * The fast-weights network less its fast weights (Ba et al. 2016, eq. 5 with A = 0):
 *
 *     h(t) = ReLU(LN[W h(t−1) + C x(t)])
 *
 * The paper compares with an IRNN, which lacks the memory and the layer norm, so that nobody knows which of the two
 * it is that helps; this cell lacks the memory alone. With the same weights it is `fastWeightsCell` with
 * `learningRate: 0` and any number of inner steps but 0: while the boundary is held and A is 0, each computes the same
 * again. `innerWeights: 'slow'` of that cell is another control: a learned matrix stands in A's place,
 * h₁ = ReLU(LN[W h + C x + U h₀]), which is the same depth, and units² weights more.
 *
 * @example
 * const cell = lnRnnCell({ inputSize: 100, units: 50, seed: 7 });
 * const [outputs, { h }] = unroll(cell, inputs); // [batch, time, 100] → [batch, time, 50]
 */
export function lnRnnCell(options: LnRnnCellOptions): LnRnnCell {
  checkKeys('lnRnnCell', options, ['inputSize', 'units', 'initializers', 'seed']);
  const { inputSize, units, initializers = {}, seed = 0 } = options;
  checkKeys('lnRnnCell.initializers', initializers, ['kernel', 'recurrentKernel']);
  checkInteger('inputSize', inputSize, 1);
  checkInteger('units', units, 1);
  checkInteger('seed', seed, 0);
  const { kernel = glorotUniform(), recurrentKernel = scaledIdentity(0.05) } = initializers;
  const weight = <R extends Rank>(
    name: string,
    init: Initializer,
    shape: ShapeMap[R],
  ): Variable<R> => createWeight<R>(init, shape, splitSeed(seed, name));
  const weights: LnRnnCellWeights = {
    kernel: weight('kernel', kernel, [inputSize, units]),
    recurrentKernel: weight('recurrentKernel', recurrentKernel, [units, units]),
    gain: weight('gain', constant(1), [units]),
    bias: weight('bias', constant(0), [units]),
  };
  const { recurrentKernel: W, gain, bias } = weights;
  return rectifiedCell({
    inputSize,
    units,
    weights,
    kernel: weights.kernel,
    recurrent: { recurrentKernel: W, gain, bias },
  });
}
