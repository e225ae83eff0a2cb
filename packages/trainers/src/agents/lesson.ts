import { type Agent, walkWeights } from '@fastweights/core';
import {
  dispose,
  type NamedTensorMap,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { DivergedError, type Divergence } from '../diverged-error.ts';
import { type Numbers, numbersLater, numbersNow } from '../numbers.ts';
import { differentiateWith } from '../training-step.ts';
import { type ActorCriticWeights, actorCriticLoss, logSoftmaxOf } from './actor-critic-loss.ts';
import type { Lesson } from './agent-ledger.ts';
import { stateOf, tensorsOf } from './agent-memory.ts';
import { discountedReturns } from './returns.ts';
import type { Rollout } from './rollout.ts';
import type { Experience } from './worlds.ts';

export interface LessonSettings extends ActorCriticWeights {
  readonly discount: number;
}

/** What an experience teaches: whoever receives the gradients disposes of them. */
export interface Taught {
  readonly lesson: Lesson;
  readonly gradients: NamedTensorMap;
  readonly gradientNorm: number;
}

/**
 * From an experience to its gradients, by one scan over it. `update` is the number of the update to come.
 *
 * @throws DivergedError if anything is not finite: the weights are not to move then
 */
export function createTeacher<State extends TensorContainerObject>(
  agent: Agent<State>,
  settings: LessonSettings,
): (experience: Experience<State>, update: number) => Promise<Taught> {
  const { weights, observationSize, actions: count, isSteady = false } = agent;
  const differentiated = differentiateWith({
    name: 'agent',
    weights,
    isSteady,
    run({ [SEEN]: seen, [ACTIONS]: actions, [RETURNS]: returns, ...state }) {
      const start = Object.keys(state).length > 0 ? stateOf<State>(state) : undefined;
      const unrolled = agent.unroll(seen as Tensor3D, start);
      const logits: Tensor2D = reshape(unrolled.logits, [-1, count]);
      const values: Tensor1D = reshape(unrolled.values, [-1]);
      const frames = { logits, values, actions: actions as Tensor1D, returns: returns as Tensor1D };
      return { loss: actorCriticLoss(frames, settings), others: { logits, values } };
    },
  });

  return async (experience, update) => {
    const { worlds, steps, observations, actions, start } = experience;
    const returns = returnsOf(experience, experience.lastValues, settings.discount);
    const { loss, gradients, others } = tidy(() => ({
      ...differentiated({
        [SEEN]: tensor(observations, [worlds, steps, observationSize]),
        [ACTIONS]: tensor(actions, [actions.length], 'int32'),
        // What a tensor is made of may become its own.
        [RETURNS]: tensor(returns.slice()),
        ...(start && tensorsOf(start)),
      }),
    }));
    try {
      const tensors: Tensor[] = [loss, others.logits, others.values, ...Object.values(gradients)];
      const [value, logits, values, ...all] = (numbersNow(tensors) ??
        (await numbersLater(tensors))) as Float32Array[];
      const gradientNorm = normOf(all);
      const own = (value as Float32Array)[0] as number;
      const parts = partsOf(logits as Float32Array, values as Float32Array, actions, returns);
      if (!Number.isFinite(own + gradientNorm)) {
        throw await divergence(update, agent.weights, own, Object.keys(gradients), all);
      }
      const { episodes, episodeRewards: rewards } = experience;
      const lesson = { frames: actions.length, episodes, rewards, loss: own, ...parts };
      return { lesson, gradients, gradientNorm };
    } catch (error) {
      dispose(gradients);
      throw error;
    } finally {
      dispose([loss, others.logits, others.values]);
    }
  };
}

/** No path of a state begins like this. */
const SEEN = ':observations';
const ACTIONS = ':actions';
const RETURNS = ':returns';

/** `[worlds, steps]` */
function returnsOf(
  { worlds, steps, rewards, ends }: Rollout,
  lastValues: Float32Array,
  discount: number,
): Float32Array {
  const returns = new Float32Array(rewards.length);
  const discounts = new Float32Array(steps).fill(discount);
  for (let world = 0; world < worlds; world++) {
    discounts[steps - 1] = ends[world] ? 0 : discount;
    const own = rewards.subarray(world * steps, (world + 1) * steps);
    returns.set(discountedReturns(own, discounts, lastValues[world] as number), world * steps);
  }
  return returns;
}

/** What the loss is made of, each a mean over the frames, for people. */
function partsOf(
  logits: Float32Array,
  values: Float32Array,
  actions: Int32Array,
  returns: Float32Array,
): Pick<Lesson, 'policyLoss' | 'valueLoss' | 'entropy'> {
  const frames = values.length;
  const logPolicy = new Float64Array(logits.length / frames);
  let [policyLoss, valueLoss, entropy] = [0, 0, 0];
  for (let frame = 0; frame < frames; frame++) {
    entropy += logSoftmaxOf(logits, frame * logPolicy.length, logPolicy);
    const error = (returns[frame] as number) - (values[frame] as number);
    policyLoss -= (logPolicy[actions[frame] as number] as number) * error;
    valueLoss += (error * error) / 2;
  }
  return {
    policyLoss: policyLoss / frames,
    valueLoss: valueLoss / frames,
    entropy: entropy / frames,
  };
}

/** Of all together, in double precision: squares of numbers that float32 holds do not overflow it. */
function normOf(all: readonly Float32Array[]): number {
  let squares = 0;
  for (const values of all) {
    for (let i = 0; i < values.length; i++) squares += (values[i] as number) ** 2;
  }
  return Math.sqrt(squares);
}

/** What is not finite: a weight before the loss that comes of it, and that before its gradients. */
async function divergence(
  update: number,
  weights: Agent['weights'],
  loss: number,
  paths: readonly string[],
  gradients: readonly Numbers[],
): Promise<DivergedError> {
  const gradient = paths[gradients.findIndex((values) => !areFinite(values))];
  let found: Omit<Divergence, 'update'> =
    Number.isFinite(loss) && gradient !== undefined
      ? { what: 'gradient', path: gradient }
      : { what: 'loss' };
  for (const [path, weight] of [...walkWeights(weights)].reverse()) {
    if (!areFinite(await weight.data<'float32'>())) found = { what: 'weight', path };
  }
  return new DivergedError({ update, ...found }, LEFT);
}

export const LEFT = 'The agent is left as it was before that update.';

const areFinite = (values: Numbers): boolean => values?.every(Number.isFinite) ?? true;
