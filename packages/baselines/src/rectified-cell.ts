import {
  checkFinite,
  checkInteger,
  checkShape,
  disposeWeights,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  fastWeightsLastState,
  fastWeightsScan,
  linear,
  type RecurrentCell,
  stepOf,
  type Weights,
} from '@fastweights/core';
import {
  expandDims,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkState } from './check-state.ts';

export type RectifiedState = {
  /** `[batch, units]` */
  h: Tensor2D;
};

/** A recurrent layer of ReLUs whose state is its output. */
export interface RectifiedCell<W extends Weights> extends RecurrentCell<RectifiedState> {
  readonly weights: W;
  scan(drive: Tensor3D, state: RectifiedState): [outputs: Tensor3D, state: RectifiedState];
  outputs(drive: Tensor3D, state?: RectifiedState): Tensor3D;
  lastOutput(drive: Tensor3D, state?: RectifiedState): Tensor2D;
}

interface RectifiedCellParts<W extends Weights> {
  readonly inputSize: number;
  readonly units: number;
  readonly weights: W;
  /** C, and what is added to C x. */
  readonly kernel: Tensor2D;
  readonly driveBias?: Tensor1D;
  readonly recurrent: Pick<FastWeightsScanInputs, 'recurrentKernel' | 'gain' | 'bias'>;
}

/** The fast weights' op without a memory and without inner steps: h(t) = f(W h(t−1) + drive), normed or not. */
export function rectifiedCell<W extends Weights>({
  inputSize,
  units,
  weights,
  kernel,
  driveBias,
  recurrent,
}: RectifiedCellParts<W>): RectifiedCell<W> {
  const attrs: FastWeightsScanAttrs = {
    decayRate: 1,
    learningRate: 0,
    innerSteps: 0,
    // With no inner step, h₀ is the new state: it is there that a norm stands.
    layerNorm: recurrent.gain ? ['preliminary'] : [],
    settling: 'sustained',
    memory: 'attention',
  };

  function initialState(batchSize: number): RectifiedState {
    checkInteger('batchSize', batchSize, 1);
    return { h: zeros([batchSize, units]) };
  }

  function drive(input: Tensor2D): Tensor2D {
    checkShape('input', input, ['rows', inputSize]);
    checkFinite('input', input);
    return tidy(() => linear(input, kernel, driveBias));
  }

  function scanFrom(driven: Tensor3D, state: RectifiedState | undefined): FastWeightsScanInputs {
    checkShape('drive', driven, ['batch', 'time', units]);
    checkFinite('drive', driven);
    const [batchSize] = driven.shape;
    if (state) checkState(state, { h: [batchSize, units] });
    return { drive: driven, ...recurrent, ...state };
  }

  function outputs(driven: Tensor3D, state?: RectifiedState): Tensor3D {
    return tidy(() => fastWeightsScan(scanFrom(driven, state), attrs));
  }

  function lastOutput(driven: Tensor3D, state?: RectifiedState): Tensor2D {
    return tidy(() => fastWeightsLastState(scanFrom(driven, state), attrs));
  }

  function scan(
    driven: Tensor3D,
    state: RectifiedState,
  ): [outputs: Tensor3D, state: RectifiedState] {
    return tidy(() => {
      const all = outputs(driven, state);
      return [all, { h: stepOf(all) }];
    });
  }

  function step(
    driven: Tensor2D,
    state: RectifiedState,
  ): [output: Tensor2D, state: RectifiedState] {
    checkShape('drive', driven, ['batch', units]);
    return tidy(() => {
      const all = outputs(expandDims(driven, 1), state);
      return [stepOf(all), { h: stepOf(all) }];
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
