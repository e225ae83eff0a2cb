import {
  type Agent,
  type Optimizer,
  type ResumableEnvironment,
  saveWeights,
} from '@fastweights/core';
import {
  type AgentOptions,
  type AgentProgress,
  type AgentResult,
  type AgentState,
  rmsProp,
  trainAgent,
} from '../../src/index.ts';
import { type SmallState, smallAgent } from './small-agent.ts';
import { cue } from './small-worlds.ts';

export interface Learnt {
  readonly agent: Agent<SmallState>;
  readonly optimizer: Optimizer;
  readonly result: AgentResult;
  readonly progress: readonly AgentProgress[];
  readonly states: readonly AgentState[];
  readonly weights: Uint8Array;
  readonly moments: Uint8Array;
}

interface Given extends Partial<AgentOptions<SmallState>> {
  readonly optimizerOf?: (agent: Agent<SmallState>) => Optimizer;
  readonly weightSeed?: number;
}

/** A training with an agent, worlds and an optimiser of its own, as after a restart; by default of few frames. */
export async function learn(given: Given = {}): Promise<Learnt> {
  const { weightSeed = 1, optimizerOf = (a) => rmsProp(a.weights, { learningRate: 0.01 }) } = given;
  const { optimizerOf: _, weightSeed: __, ...options } = given;
  const environment: ResumableEnvironment = given.environment ?? cue(3, () => 4);
  const { observationSize, actions } = environment;
  const agent = given.agent ?? smallAgent({ observationSize, actions, seed: weightSeed });
  const optimizer = given.optimizer ?? optimizerOf(agent);
  const progress: AgentProgress[] = [];
  const states: AgentState[] = [];
  const result = await trainAgent({
    maxFrames: 120,
    reportEvery: 30,
    seed: 5,
    onProgress: (p) => progress.push(p),
    onState: (state) => states.push(structuredClone(state)),
    ...options,
    agent,
    environment,
    optimizer,
  });
  const weights = await saveWeights(agent.weights);
  return { agent, optimizer, result, progress, states, weights, moments: await optimizer.save() };
}
