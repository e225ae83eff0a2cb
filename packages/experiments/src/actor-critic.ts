import {
  type Agent,
  applyDense,
  checkInteger,
  checkKeys,
  checkShape,
  denseLayer,
  disposeWeights,
  drivenOutputs,
  glorotUniform,
  type Initializer,
  type RecurrentCell,
  splitSeed,
} from '@fastweights/core';
import {
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';

export interface ActorCriticOptions<State extends TensorContainerObject> {
  /** The recurrent layer; its `inputSize` is the number of ReLU units before it, 128 in the paper. The network owns it. */
  readonly cell: RecurrentCell<State>;
  readonly observationSize: number;
  /** Default 3. */
  readonly actions?: number;
  /** Initialiser of the weights of all layers but the cell. Default Glorot uniform. */
  readonly initializer?: Initializer;
  /** Default 0. */
  readonly seed?: number;
}

export interface ActorCritic<State extends TensorContainerObject> extends Agent<State> {
  /** One step: observations `[batch, observationSize]` and what was remembered → what to do, and what it is worth. */
  act(observations: Tensor2D, state: State): Action<State>;
  /**
   * The same for a sequence that has been lived through, `[batch, time, observationSize]`, by one scan: for a gradient. It
   * starts from the initial state if none is given.
   */
  unroll(observations: Tensor3D, state?: State): ActionSequence;
  /** What the cell is given of such a sequence: `[batch, time, inputSize]` */
  cellInputs(observations: Tensor3D): Tensor3D;
}

export type Action<State extends TensorContainerObject> = {
  /** Of the policy, before the softmax: `[batch, actions]` */
  logits: Tensor2D;
  /** The return expected from here on: `[batch]` */
  values: Tensor1D;
  state: State;
};

export type ActionSequence = {
  /** `[batch, time, actions]` */
  logits: Tensor3D;
  /** `[batch, time]` */
  values: Tensor2D;
};

/**
 * The agent of section 4.4, after Mnih et al. 2016: screen → ReLU units → recurrent layer → at every step a softmax policy
 * and a linear value.
 *
 * An agent acts on a stream: give a fast-weights cell `memory: 'matrix'`, whose state does not grow.
 *
 * @example
 * const cell = fastWeightsCell({ inputSize: 128, units: 128, memory: 'matrix', seed: 7 });
 * const agent = actorCritic({ cell, observationSize: 256, seed: 8 });
 * const { logits, values, state } = agent.act(screens, agent.initialState(32)); // [32, 256] → [32, 3], [32]
 */
export function actorCritic<State extends TensorContainerObject>(
  options: ActorCriticOptions<State>,
): ActorCritic<State> {
  checkKeys('actorCritic', options, ['cell', 'observationSize', 'actions', 'initializer', 'seed']);
  const { cell, observationSize, actions = 3, seed = 0 } = options;
  checkInteger('observationSize', observationSize, 1);
  checkInteger('actions', actions, 1);
  checkInteger('seed', seed, 0);
  const { initializer = glorotUniform() } = options;
  const dense = (name: string, inputs: number, outputs: number) =>
    denseLayer(inputs, outputs, initializer, splitSeed(seed, name));
  const weights = {
    hidden: dense('hidden', observationSize, cell.inputSize),
    cell: cell.weights,
    policy: dense('policy', cell.units, actions),
    value: dense('value', cell.units, 1),
  };

  const seen = (observations: Tensor2D): Tensor2D =>
    applyDense(observations, weights.hidden, 'relu');
  const drive = (observations: Tensor2D): Tensor2D => cell.drive(seen(observations));

  return {
    weights,
    observationSize,
    actions,
    isSteady: true,
    initialState: (batchSize) => cell.initialState(batchSize),

    act(observations, state) {
      checkShape('observations', observations, ['batch', observationSize]);
      return tidy(() => {
        const [output, next] = cell.step(drive(observations), state);
        return {
          logits: applyDense(output, weights.policy),
          values: reshape(applyDense(output, weights.value), [output.shape[0]]),
          state: next,
        };
      });
    },

    unroll(observations, state) {
      checkShape('observations', observations, ['batch', 'time', observationSize]);
      const [batch, time] = observations.shape;
      return tidy(() => {
        const driven = drive(reshape(observations, [batch * time, observationSize]));
        const sequence: Tensor3D = reshape(driven, [batch, time, -1]);
        const rows: Tensor2D = reshape(drivenOutputs(cell, sequence, state), [-1, cell.units]);
        return {
          logits: reshape(applyDense(rows, weights.policy), [batch, time, actions]),
          values: reshape(applyDense(rows, weights.value), [batch, time]),
        };
      });
    },

    cellInputs(observations) {
      checkShape('observations', observations, ['batch', 'time', observationSize]);
      const [batch, time] = observations.shape;
      return tidy(() => {
        const rows = seen(reshape(observations, [batch * time, observationSize]));
        return reshape(rows, [batch, time, cell.inputSize]);
      });
    },

    dispose: () => disposeWeights(weights),
  };
}
