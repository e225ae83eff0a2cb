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
import type { Rank, Variable } from '@tensorflow/tfjs-core';
import { type RectifiedCell, rectifiedCell } from './rectified-cell.ts';

export interface IrnnCellOptions {
  readonly inputSize: number;
  readonly units: number;
  /** Defaults: Glorot uniform for `kernel`, 0.5 · I for `recurrentKernel`. */
  readonly initializers?: {
    readonly kernel?: Initializer;
    readonly recurrentKernel?: Initializer;
  };
  /** Default 0. */
  readonly seed?: number;
}

export type IrnnCellWeights = {
  /** C: `[inputSize, units]` */
  readonly kernel: Variable<Rank.R2>;
  /** W: `[units, units]` */
  readonly recurrentKernel: Variable<Rank.R2>;
  /** `[units]` */
  readonly bias: Variable<Rank.R1>;
};

export type IrnnCell = RectifiedCell<IrnnCellWeights>;

/**
 * A recurrent network of ReLUs that starts from a multiple of the identity (Le, Jaitly and Hinton 2015):
 *
 *     h(t) = ReLU(W h(t−1) + C x(t) + b)
 *
 * W starts from 0.5 · I, as in Ba et al. 2016; Le et al. start from I itself.
 *
 * @example
 * const cell = irnnCell({ inputSize: 100, units: 50, seed: 7 });
 * const [outputs, { h }] = unroll(cell, inputs); // [batch, time, 100] → [batch, time, 50]
 */
export function irnnCell(options: IrnnCellOptions): IrnnCell {
  checkKeys('irnnCell', options, ['inputSize', 'units', 'initializers', 'seed']);
  const { inputSize, units, initializers = {}, seed = 0 } = options;
  checkKeys('irnnCell.initializers', initializers, ['kernel', 'recurrentKernel']);
  checkInteger('inputSize', inputSize, 1);
  checkInteger('units', units, 1);
  checkInteger('seed', seed, 0);
  const { kernel = glorotUniform(), recurrentKernel = scaledIdentity(0.5) } = initializers;
  const matrix = (name: string, init: Initializer, rows: number): Variable<Rank.R2> =>
    createWeight<Rank.R2>(init, [rows, units], splitSeed(seed, name));
  const weights: IrnnCellWeights = {
    kernel: matrix('kernel', kernel, inputSize),
    recurrentKernel: matrix('recurrentKernel', recurrentKernel, units),
    bias: createWeight<Rank.R1>(constant(0), [units], 0),
  };
  return rectifiedCell({
    inputSize,
    units,
    weights,
    kernel: weights.kernel,
    driveBias: weights.bias,
    recurrent: { recurrentKernel: weights.recurrentKernel },
  });
}
