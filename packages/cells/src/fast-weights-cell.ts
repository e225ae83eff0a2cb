import {
  type Control,
  checkChoice,
  checkFastWeightsScanAttrs,
  checkFinite,
  checkInteger,
  checkKeys,
  checkShape,
  constant,
  createWeight,
  disposeWeights,
  driveAll,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  fastWeightsLastState,
  fastWeightsScan,
  glorotUniform,
  type Initializer,
  type LayerNormPlace,
  linear,
  type MemoryForm,
  type RecurrentCell,
  type Settling,
  scaledIdentity,
  simplifyControl,
  splitSeed,
} from '@fastweights/core';
import {
  expandDims,
  type Rank,
  type ShapeMap,
  squeeze,
  type Tensor2D,
  type Tensor3D,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { type FastWeightsState, fastWeightsStates } from './fast-weights-state.ts';
import { type FastWeightsTrace, type TraceOptions, traceScan } from './trace.ts';

export interface FastWeightsCellOptions {
  readonly inputSize: number;
  readonly units: number;
  /** λ, from 0 to 1: what one write leaves of the older ones. Default 0.95; the paper's retrieval uses 0.9. */
  readonly decayRate?: number;
  /** η, at least 0: the strength of a write. Default 0.5; 0 is the same network without a memory. */
  readonly learningRate?: number;
  /** S: how often the new state settles under the fast weights. Default 1. */
  readonly innerSteps?: number;
  /** Where layer norm stands. Default `['inner']`, as in eq. 5 with h₀ as it comes; `[]` is none at all. */
  readonly layerNorm?: readonly LayerNormPlace[];
  /** Default `sustained`, the paper's better method; `free` is the one of its appendix B. */
  readonly settling?: Settling;
  /**
   * What the inner loop multiplies by: the fast weights (default), or one of two controls with the same depth and no
   * memory: a learned slow matrix of its own, or the recurrent kernel once more. λ and η then mean nothing.
   */
  readonly innerWeights?: 'fast' | 'slow' | 'recurrent';
  /** The form of the memory. Default `auto`: attention while that is cheaper, then the matrix. */
  readonly memory?: MemoryForm | 'auto';
  /** Only the last so many writes are remembered; needs the attention form. */
  readonly window?: number;
  /** Whether there is an integration kernel, for controls that integrate; `recurrent`: W serves there. Default false. */
  readonly integration?: boolean | 'recurrent';
  /** Defaults: Glorot uniform for what is learned from scratch, 0.05 · I for the recurrent kernels. */
  readonly initializers?: {
    readonly kernel?: Initializer;
    readonly recurrentKernel?: Initializer;
    readonly integrationKernel?: Initializer;
    readonly innerKernel?: Initializer;
  };
  /** Default 0. */
  readonly seed?: number;
}

export type FastWeightsCellWeights = {
  /** C: `[inputSize, units]` */
  readonly kernel: Variable<Rank.R2>;
  /** W: `[units, units]` */
  readonly recurrentKernel: Variable<Rank.R2>;
  /** In W's place on steps that integrate. */
  readonly integrationKernel?: Variable<Rank.R2>;
  /** In A's place, with `innerWeights: 'slow'`. */
  readonly innerKernel?: Variable<Rank.R2>;
  /** Layer norm's, `[units]`. */
  readonly gain?: Variable<Rank.R1>;
  readonly bias?: Variable<Rank.R1>;
};

export interface FastWeightsCell extends RecurrentCell<FastWeightsState> {
  readonly weights: FastWeightsCellWeights;
  /** `control` has one row of one sum of control bits for the batch, or one row per sample. */
  step(
    drive: Tensor2D,
    state: FastWeightsState,
    control?: Control,
  ): [output: Tensor2D, state: FastWeightsState];
  scan(
    drive: Tensor3D,
    state: FastWeightsState,
    control?: Control,
  ): [outputs: Tensor3D, state: FastWeightsState];
  outputs(drive: Tensor3D, state?: FastWeightsState, control?: Control): Tensor3D;
  lastOutput(drive: Tensor3D, state?: FastWeightsState, control?: Control): Tensor2D;
  /** What happens inside, for a page or a report: `[batch, time, inputSize]` → every inner state and what it attends to. */
  trace(inputs: Tensor3D, options?: TraceOptions): FastWeightsTrace;
}

export const fastWeightsCellOptions: readonly string[] = [
  'inputSize',
  'units',
  'decayRate',
  'learningRate',
  'innerSteps',
  'layerNorm',
  'settling',
  'innerWeights',
  'memory',
  'window',
  'integration',
  'initializers',
  'seed',
];

const INITIALIZERS = ['kernel', 'recurrentKernel', 'integrationKernel', 'innerKernel'];

/**
 * A recurrent cell with fast weights (Ba, Hinton, Mnih, Leibo and Ionescu 2016):
 *
 *     A(t) = λ A(t−1) + η h(t) h(t)ᵀ                                                 eq. 1
 *     h_{s+1}(t+1) = f(LN[W h(t) + C x(t) + A(t) h_s(t+1)]),  h(t+1) = h_S(t+1)      eq. 5
 *
 * where f is ReLU and h₀(t+1) = f(W h(t) + C x(t)).
 *
 * @example
 * const cell = fastWeightsCell({ inputSize: 100, units: 50, decayRate: 0.9, seed: 7 });
 * const [outputs, state] = unroll(cell, inputs); // [batch, time, 100] → [batch, time, 50]
 */
export function fastWeightsCell(options: FastWeightsCellOptions): FastWeightsCell {
  checkKeys('fastWeightsCell', options, fastWeightsCellOptions);
  checkKeys('fastWeightsCell.initializers', options.initializers ?? {}, INITIALIZERS);
  const { inputSize, units, innerWeights = 'fast', memory = 'auto', window, seed = 0 } = options;
  const { layerNorm = ['inner'], integration = false } = options;
  checkInteger('inputSize', inputSize, 1);
  checkInteger('units', units, 1);
  checkInteger('seed', seed, 0);
  checkChoice('innerWeights', innerWeights, ['fast', 'slow', 'recurrent']);
  checkChoice('memory', memory, ['auto', 'attention', 'matrix']);
  checkChoice('integration', integration, [true, false, 'recurrent']);

  const attrs: FastWeightsScanAttrs = {
    decayRate: options.decayRate ?? 0.95,
    learningRate: innerWeights === 'fast' ? (options.learningRate ?? 0.5) : 0,
    innerSteps: options.innerSteps ?? 1,
    // Copied, where it is a list: the caller's may change.
    layerNorm: Array.isArray(layerNorm) ? [...layerNorm] : layerNorm,
    settling: options.settling ?? 'sustained',
    memory: memory === 'matrix' ? 'matrix' : 'attention',
    window,
  };
  checkFastWeightsScanAttrs(attrs);

  const weights = createWeights(options, attrs);
  const states = fastWeightsStates(units, attrs, memory);

  const scanInputs = (driven: Tensor3D): FastWeightsScanInputs => ({
    ...weights,
    drive: driven,
    integrationKernel:
      integration === 'recurrent' ? weights.recurrentKernel : weights.integrationKernel,
    innerKernel: innerWeights === 'recurrent' ? weights.recurrentKernel : weights.innerKernel,
  });

  function drive(input: Tensor2D): Tensor2D {
    checkShape('input', input, ['rows', inputSize]);
    checkFinite('input', input);
    return tidy(() => linear(input, weights.kernel));
  }

  function checkSequence(driven: Tensor3D, state: FastWeightsState | undefined): void {
    checkShape('drive', driven, ['batch', 'time', units]);
    checkFinite('drive', driven);
    if (state) states.check(state, driven.shape[0]);
  }

  /** A scan's inputs and attributes, from a state or from nothing. */
  function scanFrom(
    driven: Tensor3D,
    state: FastWeightsState | undefined,
    control: Control | undefined,
  ): [
    inputs: FastWeightsScanInputs,
    attrs: FastWeightsScanAttrs,
    start: Partial<FastWeightsState>,
  ] {
    checkSequence(driven, state);
    const [, steps] = driven.shape;
    const start = state ? states.inFormFor(state, steps) : {};
    const startForm = 'A' in start ? 'matrix' : 'attention';
    const form = state ? startForm : states.formFor(steps);
    return [{ ...scanInputs(driven), ...start }, { ...attrs, memory: form, control }, start];
  }

  function outputs(driven: Tensor3D, state?: FastWeightsState, control?: Control): Tensor3D {
    return tidy(() => {
      const [inputs, scanAttrs] = scanFrom(driven, state, control);
      return fastWeightsScan(inputs, scanAttrs);
    });
  }

  function lastOutput(driven: Tensor3D, state?: FastWeightsState, control?: Control): Tensor2D {
    return tidy(() => {
      const [inputs, scanAttrs] = scanFrom(driven, state, control);
      return fastWeightsLastState(inputs, scanAttrs);
    });
  }

  function scan(
    driven: Tensor3D,
    state: FastWeightsState,
    control?: Control,
  ): [outputs: Tensor3D, state: FastWeightsState] {
    return tidy(() => {
      const [inputs, scanAttrs, start] = scanFrom(driven, state, control);
      const all = fastWeightsScan(inputs, scanAttrs);
      const simple = simplifyControl(control, driven.shape[1]);
      return [all, states.after(start as FastWeightsState, all, simple)];
    });
  }

  function step(
    driven: Tensor2D,
    state: FastWeightsState,
    control?: Control,
  ): [output: Tensor2D, state: FastWeightsState] {
    checkShape('drive', driven, ['batch', units]);
    return tidy(() => {
      const [output, next] = scan(expandDims(driven, 1), state, control);
      return [squeeze<Tensor2D>(output, [1]), next];
    });
  }

  const cell: FastWeightsCell = {
    inputSize,
    units,
    weights,
    initialState: states.initial,
    drive,
    step,
    scan,
    outputs,
    lastOutput,
    trace: (inputs, traceOptions = {}) => {
      checkShape('inputs', inputs, ['batch', 'time', inputSize]);
      checkFinite('inputs', inputs);
      if (traceOptions.state) states.check(traceOptions.state, inputs.shape[0]);
      return tidy(() => traceScan(scanInputs(driveAll(cell, inputs)), attrs, traceOptions));
    },
    dispose: () => disposeWeights(weights),
  };
  return cell;
}

function createWeights(
  {
    inputSize,
    units,
    innerWeights,
    integration,
    initializers = {},
    seed = 0,
  }: FastWeightsCellOptions,
  { layerNorm }: FastWeightsScanAttrs,
): FastWeightsCellWeights {
  const square: [number, number] = [units, units];
  const weight = <R extends Rank>(
    name: string,
    init: Initializer,
    shape: ShapeMap[R],
  ): Variable<R> => createWeight<R>(init, shape, splitSeed(seed, name));
  const recurrent = scaledIdentity(0.05);
  const {
    kernel = glorotUniform(),
    recurrentKernel = recurrent,
    integrationKernel = recurrent,
    innerKernel = glorotUniform(),
  } = initializers;
  return {
    kernel: weight('kernel', kernel, [inputSize, units]),
    recurrentKernel: weight('recurrentKernel', recurrentKernel, square),
    ...(integration === true && {
      integrationKernel: weight('integrationKernel', integrationKernel, square),
    }),
    ...(innerWeights === 'slow' && { innerKernel: weight('innerKernel', innerKernel, square) }),
    ...(layerNorm.length > 0 && {
      gain: weight('gain', constant(1), [units]),
      bias: weight('bias', constant(0), [units]),
    }),
  };
}
