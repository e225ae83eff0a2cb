import type { TraceableAgent } from '@fastweights/experiments';
import {
  dispose,
  keep,
  reshape,
  slice,
  softmax,
  stack,
  type Tensor1D,
  type Tensor3D,
  type TensorContainerObject,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';

/** What an agent makes of a frame. */
export interface Thought {
  /** How likely each action is: stay, left, right. */
  readonly policy: readonly number[];
  /** The return it expects from here on. */
  readonly value: number;
  /**
   * How much of what it wrote at each frame of the episode, from the first, it reads now, in shares of all; all 0 where it
   * reads nothing, as in the first frame. Only fast weights have it.
   */
  readonly recalled?: readonly number[];
}

/** Somebody who plays Catch, and remembers what has been since the last `reset`. */
export interface PlayingAgent {
  /** What it is, in a few words. */
  readonly name: string;
  /** The screen it is given, row by row, is not kept. */
  act(screen: Float32Array): Promise<Thought>;
  /** Forgets: an episode begins. */
  reset(): void;
  dispose(): void;
}

/** The likeliest action; of equal ones the first. */
export const likeliest = ({ policy }: Thought): number => policy.indexOf(Math.max(...policy));

type Acting = Pick<TraceableAgent, 'initialState' | 'act' | 'trace'>;

/** @param agent stays the caller's, to be disposed of */
export function playingAgent(name: string, agent: Acting): PlayingAgent {
  let state: TensorContainerObject | undefined;
  /** Screens of this episode, from the first: what a trace needs. */
  let screens: Tensor1D[] = [];
  function reset(): void {
    dispose([screens, state ?? {}]);
    [screens, state] = [[], undefined];
  }
  return {
    name,
    reset,
    dispose: reset,
    async act(screen) {
      // A copy: a tensor may share the array, which is written over.
      const seen = keep(tensor1d(screen.slice()));
      screens.push(seen);
      const before = state ?? agent.initialState(1);
      const {
        policy,
        values,
        state: after,
      } = tidy(() => {
        const { logits, values, state } = agent.act(reshape(seen, [1, -1]), before);
        return { policy: softmax(logits), values, state };
      });
      dispose(before);
      state = after;
      const [chances, [value = 0], recalled] = await Promise.all([
        policy.data(),
        values.data(),
        agent.trace && readFrom(agent as Required<Acting>, screens),
      ]);
      dispose([policy, values]);
      return { policy: [...chances], value, ...(recalled && { recalled }) };
    },
  };
}

/** What the last step, in its last inner step, has read of every step; undefined where it never reads. */
async function readFrom(
  agent: Required<Acting>,
  screens: readonly Tensor1D[],
): Promise<number[] | undefined> {
  const steps = screens.length;
  const last = tidy(() => {
    const { attention } = agent.trace(reshape(stack([...screens]), [1, steps, -1]) as Tensor3D);
    const innerSteps = attention.shape[2];
    if (innerSteps === 0) return undefined;
    return slice(attention, [0, steps - 1, innerSteps - 1, 0], [1, 1, 1, steps]);
  });
  if (!last) return undefined;
  const weights = await last.data<'float32'>();
  last.dispose();
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from(weights, (weight) => (total > 0 ? weight / total : 0));
}
