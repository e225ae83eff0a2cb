import { random, splitSeed } from '@fastweights/core';
import { catchEnvironment } from '@fastweights/datasets';
import type { PreparedAgent } from '@fastweights/experiments';
import { sampleActions } from '@fastweights/trainers';
import { dispose, type TensorContainerObject, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** What a trained agent earns. */
export interface AgentEvaluation {
  /** Of each kind: the same games, whichever agent plays. */
  readonly episodes: number;
  /** It takes the likeliest action each time. */
  readonly greedy: RewardOf;
  /** It draws its actions, as it did while it learned. */
  readonly sampled: RewardOf;
}

interface RewardOf {
  readonly meanReward: number;
}

/** Plays at once. */
const WORLDS = 250;
const ROUNDS = 4;
/** Of games that no training has: theirs are split from the seed of a config. */
const SEED: number = splitSeed(0, 'evaluation of an agent');

/** Undefined if the signal came first. */
export async function evaluateAgent(
  prepared: Pick<PreparedAgent, 'agent' | 'config'>,
  signal: AbortSignal,
): Promise<AgentEvaluation | undefined> {
  const stream = random(splitSeed(SEED, 'actions'));
  const greedy = await meanReward(prepared, likeliestActions, signal);
  const sampled = await meanReward(
    prepared,
    (logits, actions) => sampleActions(logits, stream, actions),
    signal,
  );
  if (greedy === undefined || sampled === undefined) return undefined;
  const episodes = WORLDS * ROUNDS;
  return { episodes, greedy: { meanReward: greedy }, sampled: { meanReward: sampled } };
}

type Choose = (logits: Float32Array, actions: Int32Array) => void;

/** Of equal ones the first. */
function likeliestActions(logits: Float32Array, actions: Int32Array): void {
  const count = logits.length / actions.length;
  actions.forEach((_, row) => {
    const own = logits.subarray(row * count, (row + 1) * count);
    actions[row] = own.indexOf(Math.max(...own));
  });
}

async function meanReward(
  { agent, config }: Pick<PreparedAgent, 'agent' | 'config'>,
  choose: Choose,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { size, visibleFrames } = config.data;
  const environment = catchEnvironment({ size, visibleFrames, batchSize: WORLDS, seed: SEED });
  const actions = new Int32Array(WORLDS);
  let { observations } = environment.reset();
  let state: TensorContainerObject = agent.initialState(WORLDS);
  let sum = 0;
  for (let round = 0; round < ROUNDS; ) {
    // Signals and other runs have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) {
      dispose(state);
      return undefined;
    }
    const before = state;
    const { logits, state: after } = tidy(() => {
      const seen = tensor2d(observations.slice(), [WORLDS, agent.observationSize]);
      const { logits, state } = agent.act(seen, before);
      return { logits, state };
    });
    choose((await logits.data()) as Float32Array, actions);
    dispose([logits, before]);
    const next = environment.step(actions);
    observations = next.observations;
    sum += next.rewards.reduce((all, reward) => all + reward, 0);
    // All worlds of Catch end together.
    const isOver = next.ends[0] === 1;
    if (isOver) {
      dispose(after);
      round++;
    }
    state = isOver ? agent.initialState(WORLDS) : after;
  }
  dispose(state);
  return sum / (WORLDS * ROUNDS);
}
