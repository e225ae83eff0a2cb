import { checkShape } from '@fastweights/core';
import {
  add,
  cast,
  clone,
  customGrad,
  exp,
  logSoftmax,
  mean,
  mul,
  oneHot,
  type Scalar,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { numbersNow } from '../numbers.ts';

/** Frames that an agent has lived through, one row each. */
export type ActorCriticInputs = {
  /** Of the policy, before the softmax: `[frames, actions]` */
  readonly logits: Tensor2D;
  /** `[frames]` */
  readonly values: Tensor1D;
  /** The actions that were taken, int32: `[frames]` */
  readonly actions: Tensor1D;
  /** What came of them: `[frames]` */
  readonly returns: Tensor1D;
};

export type ActorCriticWeights = {
  readonly valueWeight: number;
  readonly entropyBonus: number;
};

/**
 * The loss of advantage actor-critic (Mnih et al. 2016), the mean over frames of
 *
 *     −log π(a_t) · (R_t − V_t)  +  valueWeight · ½ (R_t − V_t)²  −  entropyBonus · H(π_t)
 *
 * where the advantage in the first term is a number: V learns from the second alone. It has no second derivatives.
 */
export function actorCriticLoss(inputs: ActorCriticInputs, weights: ActorCriticWeights): Scalar {
  const { logits, values, actions, returns } = inputs;
  checkShape('logits', logits, ['frames', 'actions']);
  const [frames] = logits.shape;
  checkShape('values', values, [frames]);
  checkShape('actions', actions, [frames], 'int32');
  checkShape('returns', returns, [frames]);
  // Where the numbers are at hand, a loop over them is faster than some forty ops on a few hundred numbers each.
  return numbersNow([]) ? lossOfNumbers(inputs, weights) : lossOfTensors(inputs, weights);
}

/** In tfjs's ops, for devices that have their numbers elsewhere. */
export function lossOfTensors(
  { logits, values, actions, returns }: ActorCriticInputs,
  { valueWeight, entropyBonus }: ActorCriticWeights,
): Scalar {
  return tidy(() => {
    const logPolicy = logSoftmax(logits);
    const error = sub(returns, values);
    const advantage = asNumbers(error);
    const chosen = sum(mul(logPolicy, cast(oneHot(actions, logits.shape[1]), 'float32')), 1);
    const negativeEntropy = sum(mul(exp(logPolicy), logPolicy), 1);
    const critic = mul(square(error), valueWeight / 2);
    return mean<Scalar>(
      add(sub(critic, mul(chosen, advantage)), mul(negativeEntropy, entropyBonus)),
    );
  });
}

/** The same numbers, without a way back to where they came from. */
const asNumbers = customGrad((x) => {
  const t = x as Tensor;
  return { value: clone(t), gradFunc: (dy: Tensor) => zerosLike(dy) };
}) as <T extends Tensor>(x: T) => T;

function lossOfNumbers(
  { logits, values, actions, returns }: ActorCriticInputs,
  weights: ActorCriticWeights,
): Scalar {
  const run = customGrad(() => {
    const numbers = numbersNow([logits, values, actions, returns]);
    const { loss, dLogits, dValues } = lossAndGradients(numbers as Float32Array[], weights);
    return {
      value: scalar(loss),
      gradFunc: (dy: Tensor) => [
        mul(tensor2d(dLogits, logits.shape), dy),
        mul(tensor1d(dValues), dy),
      ],
    };
  });
  return tidy(() => run(logits, values) as Scalar);
}

/**
 * With p = π, A = R − V and H the entropy, of each frame:
 *
 *     dLogits_i = ((p_i − [i = a]) A + entropyBonus p_i (log p_i + H)) / frames
 *     dValue = −valueWeight A / frames
 */
function lossAndGradients(
  [logits, values, actions, returns]: readonly ArrayLike<number>[],
  { valueWeight, entropyBonus }: ActorCriticWeights,
): { loss: number; dLogits: Float32Array; dValues: Float32Array } {
  const numbers = logits as ArrayLike<number>;
  const frames = (values as ArrayLike<number>).length;
  const count = numbers.length / frames;
  const dLogits = new Float32Array(numbers.length);
  const dValues = new Float32Array(frames);
  const logPolicy = new Float64Array(count);
  let loss = 0;
  for (let frame = 0; frame < frames; frame++) {
    const first = frame * count;
    const entropy = logSoftmaxOf(numbers, first, logPolicy);
    const action = actions?.[frame] as number;
    const advantage = (returns?.[frame] as number) - (values?.[frame] as number);
    loss +=
      (valueWeight / 2) * advantage * advantage -
      (logPolicy[action] as number) * advantage -
      entropyBonus * entropy;
    dValues[frame] = (-valueWeight * advantage) / frames;
    for (let i = 0; i < count; i++) {
      const log = logPolicy[i] as number;
      const p = Math.exp(log);
      const ofPolicy = (p - Number(i === action)) * advantage;
      const ofEntropy = p === 0 ? 0 : entropyBonus * p * (log + entropy);
      dLogits[first + i] = (ofPolicy + ofEntropy) / frames;
    }
  }
  return { loss: loss / frames, dLogits, dValues };
}

/** Writes down the logarithms of a row's softmax; its entropy comes back. */
export function logSoftmaxOf(
  logits: ArrayLike<number>,
  first: number,
  logPolicy: Float64Array,
): number {
  const count = logPolicy.length;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) most = Math.max(most, logits[first + i] as number);
  let all = 0;
  for (let i = 0; i < count; i++) all += Math.exp((logits[first + i] as number) - most);
  const shift = most + Math.log(all);
  let entropy = 0;
  for (let i = 0; i < count; i++) {
    const log = (logits[first + i] as number) - shift;
    logPolicy[i] = log;
    const p = Math.exp(log);
    if (p > 0) entropy -= p * log;
  }
  // NaN where a logit is none.
  return Number.isNaN(all) ? all : entropy;
}
