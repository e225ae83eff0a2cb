import {
  type Agent,
  checkInteger,
  type Observation,
  OptionError,
  type ResumableEnvironment,
  random,
  splitSeed,
} from '@fastweights/core';
import { dispose, type TensorContainerObject } from '@tensorflow/tfjs-core';
import { forget, loadState, saveState } from './agent-memory.ts';
import type { AgentWorlds } from './agent-state.ts';
import { createPlayer } from './player.ts';
import { type Rollout, rolloutOf } from './rollout.ts';
import { sampleActions } from './sample-actions.ts';

/** What an agent has lived through since the last time. */
export interface Experience<State> extends Rollout {
  /** What it remembered before; nothing, where all worlds began. It goes when the agent lives on. */
  readonly start: State | undefined;
  /** What each world's last observation was worth: 0 where its episode has ended. */
  readonly lastValues: Float32Array;
  /** That have ended, … */
  readonly episodes: number;
  /** … and what they gave together. */
  readonly episodeRewards: number;
}

/** An agent in its worlds. */
export interface Worlds<State> {
  /** Acts until an episode ends, or for so many steps. */
  live(horizon: number): Promise<Experience<State>>;
  save(): Promise<AgentWorlds>;
  dispose(): void;
}

export function createWorlds<State extends TensorContainerObject>(
  agent: Agent<State>,
  environment: ResumableEnvironment,
  seed: number,
  from?: AgentWorlds,
): Worlds<State> {
  const { batchSize } = environment;
  if (from) checkWorlds(from, batchSize);
  const react = createPlayer(agent);
  const actionSeed = from?.seed ?? splitSeed(seed, 'actions');
  let rollouts = from?.rollouts ?? 0;
  let last: Observation = from
    ? environment.restore(from.environment as never)
    : environment.reset(splitSeed(seed, 'worlds'));
  const returns = Float64Array.from(from?.returns ?? new Array(batchSize).fill(0));
  /** What is remembered now; nothing at the first frame of all worlds. */
  let memory = from?.memory && loadState<State>(from.memory);
  let start: State | undefined;

  /** One step in all worlds. What was remembered before goes, but for the start, which learning goes on from. */
  async function step(actions: Int32Array, stream: ReturnType<typeof random>) {
    const observations = last.observations.slice();
    const before = memory ?? agent.initialState(batchSize);
    const reaction = react(observations, before);
    const { logits, state } = reaction instanceof Promise ? await reaction : reaction;
    sampleActions(logits, stream, actions);
    if (before !== start) dispose(before);
    memory = state;
    last = environment.step(actions);
    return { observations, actions, rewards: last.rewards.slice() };
  }

  /** What goes on is worth what the agent expects of it. */
  async function valuesOfLast(): Promise<Float32Array> {
    const { ends } = last;
    if (!memory || ends.every(Boolean)) return new Float32Array(batchSize);
    const { values, state } = await react(last.observations.slice(), memory);
    const lastValues = values.map((value, world) => (ends[world] ? 0 : value));
    dispose(state);
    return lastValues;
  }

  /** Begins anew in worlds whose episodes have ended, and sums up what those gave. */
  function endEpisodes(): Pick<Experience<State>, 'episodes' | 'episodeRewards'> {
    const { ends } = last;
    let [episodes, episodeRewards] = [0, 0];
    ends.forEach((end, world) => {
      if (!end) return;
      episodes++;
      episodeRewards += returns[world] as number;
      returns[world] = 0;
    });
    if (!memory || episodes === 0) return { episodes, episodeRewards };
    const before = memory;
    memory = episodes === batchSize ? undefined : forgetIn(before, ends);
    dispose(before);
    return { episodes, episodeRewards };
  }

  function forgetIn(before: State, ends: Uint8Array): State {
    const first = agent.initialState(batchSize);
    try {
      return forget(before, first, ends);
    } finally {
      dispose(first);
    }
  }

  return {
    async live(horizon) {
      if (start) dispose(start);
      start = memory;
      const stream = random(splitSeed(actionSeed, `rollout ${rollouts}`));
      rollouts++;
      const steps = [];
      do {
        const lived = await step(new Int32Array(batchSize), stream);
        steps.push(lived);
        lived.rewards.forEach((reward, world) => {
          returns[world] = (returns[world] as number) + reward;
        });
      } while (steps.length < horizon && !last.ends.some(Boolean));
      const rollout = rolloutOf(steps, last.ends);
      const lastValues = await valuesOfLast();
      return { ...rollout, start, lastValues, ...endEpisodes() };
    },
    async save() {
      return {
        environment: environment.snapshot(),
        seed: actionSeed,
        rollouts,
        ...(memory && { memory: await saveState(memory) }),
        returns: [...returns],
      };
    },
    dispose() {
      for (const state of [start, memory]) if (state) dispose(state);
    },
  };
}

function checkWorlds({ seed, rollouts, returns }: AgentWorlds, batchSize: number): void {
  checkInteger('from.worlds.seed', seed, 0);
  checkInteger('from.worlds.rollouts', rollouts, 0);
  if (!Array.isArray(returns) || returns.length !== batchSize || !returns.every(Number.isFinite)) {
    const received = Array.isArray(returns) ? `${returns.length} of them` : 'another thing';
    throw new OptionError('from.worlds.returns', `a list of ${batchSize} numbers`, received);
  }
}
