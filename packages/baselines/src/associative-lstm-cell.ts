import {
  type AssociativeLstmScanAttrs,
  type AssociativeLstmScanInputs,
  associativeLstmLastState,
  associativeLstmScan,
  checkFinite,
  checkInteger,
  checkKeys,
  checkRange,
  checkShape,
  createWeight,
  disposeWeights,
  glorotUniform,
  type Initializer,
  linear,
  OptionError,
  permutation,
  type RecurrentCell,
  random,
  splitSeed,
  stepOf,
} from '@fastweights/core';
import {
  expandDims,
  type Rank,
  slice,
  squeeze,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkState } from './check-state.ts';

export interface AssociativeLstmCellOptions {
  readonly inputSize: number;
  /** Width of the output: real and imaginary parts of units / 2 complex numbers. Even. */
  readonly units: number;
  /** S: redundant copies of the memory. Default 4. */
  readonly copies?: number;
  /** How many pairs are written, and how many reads are made, at every step. Default 3. */
  readonly heads?: number;
  /** What the forget gate's bias starts from. Default 1: an untrained cell remembers. */
  readonly forgetBias?: number;
  /** Defaults: Glorot uniform. */
  readonly initializers?: {
    readonly kernel?: Initializer;
    readonly recurrentKernel?: Initializer;
  };
  /**
   * What the copies' permutations are drawn from. They are not learned, and not among the weights: cells that exchange
   * weights need the same. Default 0, whatever the seed of the weights.
   */
  readonly permutationSeed?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Of gates and complex vectors side by side, each `units / 2` wide: f, then i of every head, then o of every head; the
 * real parts of u, of r_i and of r_o of every head, then their imaginary parts in the same order.
 */
export type AssociativeLstmCellWeights = {
  /** `[inputSize, (1 + 8 · heads) · units / 2]` */
  readonly kernel: Variable<Rank.R2>;
  /** `[units, (1 + 8 · heads) · units / 2]` */
  readonly recurrentKernel: Variable<Rank.R2>;
  /** `[(1 + 8 · heads) · units / 2]` */
  readonly bias: Variable<Rank.R1>;
};

/** Complex vectors are their real parts, then their imaginary parts. */
export type AssociativeLstmState = {
  /** `[batch, units]` */
  h: Tensor2D;
  /** All copies of the memory: `[batch, copies, units]` */
  c: Tensor3D;
};

export interface AssociativeLstmCell extends RecurrentCell<AssociativeLstmState> {
  readonly weights: AssociativeLstmCellWeights;
  scan(
    drive: Tensor3D,
    state: AssociativeLstmState,
  ): [outputs: Tensor3D, state: AssociativeLstmState];
  outputs(drive: Tensor3D, state?: AssociativeLstmState): Tensor3D;
  lastOutput(drive: Tensor3D, state?: AssociativeLstmState): Tensor2D;
}

const OPTIONS = [
  'inputSize',
  'units',
  'copies',
  'heads',
  'forgetBias',
  'initializers',
  'permutationSeed',
  'seed',
];

/**
 * An Associative LSTM (Danihelka, Wayne, Uria, Kalchbrenner and Graves 2016): an LSTM whose memory is holographic. What
 * is stored is bound to a key by a product of complex numbers, and stands in the same vector as all else.
 *
 *     g_f, g_i, g_o = σ(C x(t) + b + W h(t−1))                  one number for each complex one
 *     u, r_i, r_o = bound(C x(t) + b + W h(t−1))                bound(z) = z / max(1, |z|), for each complex number
 *     c_s(t) = g_f c_s(t−1) + Σ_heads (P_s r_i) (g_i u)         s = 1 … copies
 *     h(t) = Σ_heads g_o bound(1/copies Σ_s (P_s r_o) c_s(t))
 *
 * All products are of complex numbers, element by element. P_s is a random permutation, fixed, another for each copy:
 * what a read brings besides what was asked for then differs from copy to copy, and fades in their mean.
 *
 * With one head this is the paper's cell. Ba et al. 2016 compare with three, and do not say what they are. Here they are
 * one-headed cells on a common memory: each has an input gate, an update, a key to write, a key to read and an output
 * gate of its own, the forget gate belongs to the memory, and writes and reads are added up. Heads with a common update
 * and common gates would be a single head, whose key is the sum of theirs.
 *
 * Nothing is conjugated at the read: r_o is learned, and a conjugate would but change the sign of the weights that make
 * its imaginary part. Our choice too: all of it from one matrix, Glorot uniform, and the forget gate's bias.
 *
 * @example
 * const cell = associativeLstmCell({ inputSize: 100, units: 50, seed: 7 });
 * const [outputs, state] = unroll(cell, inputs); // [batch, time, 100] → [batch, time, 50]
 */
export function associativeLstmCell(options: AssociativeLstmCellOptions): AssociativeLstmCell {
  const { inputSize, units, copies, heads, permutationSeed } = checked(options);
  const width = ((1 + 8 * heads) * units) / 2;
  const weights = createWeights(options, width);
  const attrs: AssociativeLstmScanAttrs = {
    heads,
    permutations: Array.from({ length: copies }, (_, s) => [
      ...permutation(random(splitSeed(permutationSeed, `copy ${s}`)), units / 2),
    ]),
  };

  function initialState(batchSize: number): AssociativeLstmState {
    checkInteger('batchSize', batchSize, 1);
    return { h: zeros([batchSize, units]), c: zeros([batchSize, copies, units]) };
  }

  function drive(input: Tensor2D): Tensor2D {
    checkShape('input', input, ['rows', inputSize]);
    checkFinite('input', input);
    return tidy(() => linear(input, weights.kernel, weights.bias));
  }

  function scanFrom(
    driven: Tensor3D,
    state: AssociativeLstmState | undefined,
  ): AssociativeLstmScanInputs {
    checkShape('drive', driven, ['batch', 'time', width]);
    checkFinite('drive', driven);
    const [batchSize] = driven.shape;
    if (state) checkState(state, { h: [batchSize, units], c: [batchSize, copies, units] });
    return { drive: driven, recurrentKernel: weights.recurrentKernel, ...state };
  }

  function outputs(driven: Tensor3D, state?: AssociativeLstmState): Tensor3D {
    return tidy(() => {
      const all = associativeLstmScan(scanFrom(driven, state), attrs);
      return slice(all, [0, 0, 0], [driven.shape[0], driven.shape[1], units]);
    });
  }

  function lastOutput(driven: Tensor3D, state?: AssociativeLstmState): Tensor2D {
    return tidy(() => associativeLstmLastState(scanFrom(driven, state), attrs));
  }

  function scan(
    driven: Tensor3D,
    state: AssociativeLstmState,
  ): [outputs: Tensor3D, state: AssociativeLstmState] {
    return tidy(() => {
      const all = associativeLstmScan(scanFrom(driven, state), attrs);
      const [batchSize, steps] = driven.shape;
      return [
        slice(all, [0, 0, 0], [batchSize, steps, units]),
        { h: stepOf(all, steps - 1), c: slice(all, [0, steps, 0], [batchSize, copies, units]) },
      ];
    });
  }

  function step(
    driven: Tensor2D,
    state: AssociativeLstmState,
  ): [output: Tensor2D, state: AssociativeLstmState] {
    checkShape('drive', driven, ['batch', width]);
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

type Sizes = 'inputSize' | 'units' | 'copies' | 'heads' | 'permutationSeed';

function checked(
  options: AssociativeLstmCellOptions,
): Required<Pick<AssociativeLstmCellOptions, Sizes>> {
  checkKeys('associativeLstmCell', options, OPTIONS);
  checkKeys('associativeLstmCell.initializers', options.initializers ?? {}, [
    'kernel',
    'recurrentKernel',
  ]);
  const { inputSize, units, copies = 4, heads = 3, permutationSeed = 0 } = options;
  checkInteger('inputSize', inputSize, 1);
  checkInteger('units', units, 2);
  if (units % 2 !== 0) {
    const expected = 'even, since half of the units are the imaginary parts of the others';
    throw new OptionError('units', expected, String(units));
  }
  checkInteger('copies', copies, 1);
  checkInteger('heads', heads, 1);
  checkRange('forgetBias', options.forgetBias ?? 1, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkInteger('permutationSeed', permutationSeed, 0);
  checkInteger('seed', options.seed ?? 0, 0);
  return { inputSize, units, copies, heads, permutationSeed };
}

function createWeights(
  { inputSize, units, forgetBias = 1, initializers = {}, seed = 0 }: AssociativeLstmCellOptions,
  width: number,
): AssociativeLstmCellWeights {
  const { kernel = glorotUniform(), recurrentKernel = glorotUniform() } = initializers;
  const matrix = (name: string, init: Initializer, rows: number): Variable<Rank.R2> =>
    createWeight<Rank.R2>(init, [rows, width], splitSeed(seed, name));
  const bias = Float32Array.from({ length: width }, (_, i) => (i < units / 2 ? forgetBias : 0));
  return {
    kernel: matrix('kernel', kernel, inputSize),
    recurrentKernel: matrix('recurrentKernel', recurrentKernel, units),
    bias: tidy(() => variable<Rank.R1>(tensor1d(bias))),
  };
}
