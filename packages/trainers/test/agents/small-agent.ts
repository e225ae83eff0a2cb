import {
  type Agent,
  constant,
  createWeight,
  disposeWeights,
  glorotUniform,
  linear,
  lstmScan,
  splitSeed,
  stepOf,
} from '@fastweights/core';
import {
  expandDims,
  type Rank,
  reshape,
  slice,
  type Tensor2D,
  type Tensor3D,
  tidy,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core';

export type SmallState = { h: Tensor2D; c: Tensor2D };

interface SmallOptions {
  readonly observationSize: number;
  readonly actions: number;
  readonly units?: number;
  readonly seed?: number;
  readonly isSteady?: boolean;
}

/** An LSTM with a policy and a value. */
export function smallAgent({
  observationSize,
  actions,
  units = 8,
  seed = 1,
  isSteady = true,
}: SmallOptions): Agent<SmallState> {
  const weight = (name: string, rows: number, columns: number): Variable<Rank.R2> =>
    createWeight<Rank.R2>(glorotUniform(), [rows, columns], splitSeed(seed, name));
  const weights = {
    kernel: weight('kernel', observationSize, 4 * units),
    bias: createWeight<Rank.R1>(constant(0), [4 * units], 0),
    recurrentKernel: weight('recurrentKernel', units, 4 * units),
    policy: weight('policy', units, actions),
    value: weight('value', units, 1),
  };
  const { kernel, bias, recurrentKernel } = weights;
  const scan = (observations: Tensor3D, state: Partial<SmallState> = {}): Tensor3D => {
    const [batch, time] = observations.shape;
    const rows: Tensor2D = reshape(observations, [batch * time, observationSize]);
    const drive: Tensor3D = reshape(linear(rows, kernel, bias), [batch, time, 4 * units]);
    return lstmScan({ drive, recurrentKernel, ...state });
  };
  return {
    weights,
    observationSize,
    actions,
    isSteady,
    initialState: (batch) => ({ h: zeros([batch, units]), c: zeros([batch, units]) }),
    act: (observations, state) =>
      tidy(() => {
        const all = scan(expandDims(observations, 1), state);
        const h = stepOf(all, 0);
        return {
          logits: linear(h, weights.policy),
          values: reshape<Rank.R1>(linear(h, weights.value), [-1]),
          state: { h: stepOf(all, 0), c: stepOf(all, 1) },
        };
      }),
    unroll: (observations, state) =>
      tidy(() => {
        const [batch, time] = observations.shape;
        const hs = slice(scan(observations, state), [0, 0, 0], [batch, time, units]);
        const rows: Tensor2D = reshape(hs, [batch * time, units]);
        return {
          logits: reshape<Rank.R3>(linear(rows, weights.policy), [batch, time, actions]),
          values: reshape<Rank.R2>(linear(rows, weights.value), [batch, time]),
        };
      }),
    dispose: () => disposeWeights(weights),
  };
}
