import {
  checkFinite,
  checkInteger,
  checkKeys,
  checkRange,
  checkShape,
  constant,
  createWeight,
  disposeWeights,
  glorotUniform,
  type Initializer,
  type LstmScanInputs,
  linear,
  lstmLastState,
  lstmScan,
  type RecurrentCell,
  splitSeed,
  stepOf,
} from '@fastweights/core';
import {
  concat,
  expandDims,
  type Rank,
  slice,
  squeeze,
  type Tensor2D,
  type Tensor3D,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkState } from './check-state.ts';

export interface LstmCellOptions {
  readonly inputSize: number;
  readonly units: number;
  /** What the forget gate's bias starts from. Default 1: an untrained cell remembers. */
  readonly forgetBias?: number;
  /** Defaults: Glorot uniform. */
  readonly initializers?: {
    readonly kernel?: Initializer;
    readonly recurrentKernel?: Initializer;
  };
  /** Default 0. */
  readonly seed?: number;
}

/** Of the four gates, in the order input, forget, candidate, output. */
export type LstmCellWeights = {
  /** `[inputSize, 4 · units]` */
  readonly kernel: Variable<Rank.R2>;
  /** `[units, 4 · units]` */
  readonly recurrentKernel: Variable<Rank.R2>;
  /** `[4 · units]` */
  readonly bias: Variable<Rank.R1>;
};

export type LstmState = {
  /** `[batch, units]` */
  h: Tensor2D;
  /** `[batch, units]` */
  c: Tensor2D;
};

export interface LstmCell extends RecurrentCell<LstmState> {
  readonly weights: LstmCellWeights;
  scan(drive: Tensor3D, state: LstmState): [outputs: Tensor3D, state: LstmState];
  outputs(drive: Tensor3D, state?: LstmState): Tensor3D;
  lastOutput(drive: Tensor3D, state?: LstmState): Tensor2D;
}

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997; the forget gate is that of Gers et al. 2000):
 *
 *     i, f, g, o = C x(t) + b + W h(t−1)
 *     c(t) = σ(f) c(t−1) + σ(i) tanh(g)
 *     h(t) = σ(o) tanh(c(t))
 *
 * @example
 * const cell = lstmCell({ inputSize: 100, units: 50, seed: 7 });
 * const [outputs, state] = unroll(cell, inputs); // [batch, time, 100] → [batch, time, 50]
 */
export function lstmCell(options: LstmCellOptions): LstmCell {
  checkKeys('lstmCell', options, ['inputSize', 'units', 'forgetBias', 'initializers', 'seed']);
  const { inputSize, units, forgetBias = 1, initializers = {}, seed = 0 } = options;
  checkKeys('lstmCell.initializers', initializers, ['kernel', 'recurrentKernel']);
  checkInteger('inputSize', inputSize, 1);
  checkInteger('units', units, 1);
  checkRange('forgetBias', forgetBias, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkInteger('seed', seed, 0);
  const weights = createWeights(inputSize, units, forgetBias, initializers, seed);

  function initialState(batchSize: number): LstmState {
    checkInteger('batchSize', batchSize, 1);
    return { h: zeros([batchSize, units]), c: zeros([batchSize, units]) };
  }

  function drive(input: Tensor2D): Tensor2D {
    checkShape('input', input, ['rows', inputSize]);
    checkFinite('input', input);
    return tidy(() => linear(input, weights.kernel, weights.bias));
  }

  function scanFrom(driven: Tensor3D, state: LstmState | undefined): LstmScanInputs {
    checkShape('drive', driven, ['batch', 'time', 4 * units]);
    checkFinite('drive', driven);
    const [batchSize] = driven.shape;
    if (state) checkState(state, { h: [batchSize, units], c: [batchSize, units] });
    return { drive: driven, recurrentKernel: weights.recurrentKernel, ...state };
  }

  function outputs(driven: Tensor3D, state?: LstmState): Tensor3D {
    return tidy(() => hidden(lstmScan(scanFrom(driven, state))));
  }

  function lastOutput(driven: Tensor3D, state?: LstmState): Tensor2D {
    return tidy(() => lstmLastState(scanFrom(driven, state)));
  }

  function scan(driven: Tensor3D, state: LstmState): [outputs: Tensor3D, state: LstmState] {
    return tidy(() => {
      const all = lstmScan(scanFrom(driven, state));
      const [, steps] = driven.shape;
      return [hidden(all), { h: stepOf(all, steps - 1), c: stepOf(all, steps) }];
    });
  }

  function step(driven: Tensor2D, state: LstmState): [output: Tensor2D, state: LstmState] {
    checkShape('drive', driven, ['batch', 4 * units]);
    return tidy(() => {
      const [output, next] = scan(expandDims(driven, 1), state);
      return [squeeze<Tensor2D>(output, [1]), next];
    });
  }

  return {
    inputSize,
    units,
    weights,
    initialState,
    drive,
    step,
    scan,
    outputs,
    lastOutput,
    dispose: () => disposeWeights(weights),
  };
}

function hidden(all: Tensor3D): Tensor3D {
  const [batchSize, rows, units] = all.shape;
  return slice(all, [0, 0, 0], [batchSize, rows - 1, units]);
}

function createWeights(
  inputSize: number,
  units: number,
  forgetBias: number,
  {
    kernel = glorotUniform(),
    recurrentKernel = glorotUniform(),
  }: LstmCellOptions['initializers'] & {},
  seed: number,
): LstmCellWeights {
  const weight = (name: string, init: Initializer, rows: number): Variable<Rank.R2> =>
    createWeight<Rank.R2>(init, [rows, 4 * units], splitSeed(seed, name));
  const bias = (value: number, count: number) => createWeight<Rank.R1>(constant(value), [count], 0);
  return {
    kernel: weight('kernel', kernel, inputSize),
    recurrentKernel: weight('recurrentKernel', recurrentKernel, units),
    bias: tidy(() => {
      const parts = [bias(0, units), bias(forgetBias, units), bias(0, 2 * units)];
      const joined = variable<Rank.R1>(concat(parts));
      for (const part of parts) part.dispose();
      return joined;
    }),
  };
}
