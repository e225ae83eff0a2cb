import { type Agent, replayed, walkWeights } from '@fastweights/core';
import {
  dispose,
  type NamedTensorMap,
  type Tensor1D,
  type Tensor2D,
  type TensorContainerObject,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { numbersLater, numbersNow } from '../numbers.ts';
import { stateOf, tensorsOf } from './agent-memory.ts';

/** What an agent makes of what it sees. */
export interface Reaction<State> {
  /** Of all worlds, row by row. */
  readonly logits: Float32Array;
  readonly values: Float32Array;
  readonly state: State;
}

/** One step of an agent with plain numbers around it; the state is the caller's to dispose of. */
export function createPlayer<State extends TensorContainerObject>(
  agent: Agent<State>,
): (observations: Float32Array, state: State) => Promise<Reaction<State>> | Reaction<State> {
  const { observationSize, isSteady } = agent;

  function run({ [SEEN]: seen, ...state }: NamedTensorMap): NamedTensorMap {
    const action = agent.act(seen as Tensor2D, stateOf<State>(state));
    return { [LOGITS]: action.logits, [VALUES]: action.values, ...tensorsOf(action.state) };
  }
  const weights = [...walkWeights(agent.weights)].map(([, weight]) => weight);
  const act = isSteady ? replayed(run, weights) : run;

  return (observations, state) => {
    const rows = observations.length / observationSize;
    const {
      [LOGITS]: logits,
      [VALUES]: values,
      ...next
    } = tidy(() =>
      act({ [SEEN]: tensor2d(observations, [rows, observationSize]), ...tensorsOf(state) }),
    ) as NamedTensorMap & { [LOGITS]: Tensor2D; [VALUES]: Tensor1D };

    function reaction(numbers: readonly (Float32Array | undefined)[]): Reaction<State> {
      // Copied, since what is freed may be written over at once.
      const [own, ownValues] = (numbers as [Float32Array, Float32Array]).map((all) => all.slice());
      dispose([logits, values]);
      return {
        logits: own as Float32Array,
        values: ownValues as Float32Array,
        state: stateOf<State>(next),
      };
    }
    const now = numbersNow([logits, values]);
    return now ? reaction(now) : numbersLater([logits, values]).then(reaction);
  };
}

/** No path of a state begins like this. */
const SEEN = ':observations';
const LOGITS = ':logits';
const VALUES = ':values';
