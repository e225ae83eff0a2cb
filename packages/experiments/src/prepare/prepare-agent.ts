import {
  checkPart,
  type Optimizer,
  type Part,
  type ResumableEnvironment,
  splitSeed,
} from '@fastweights/core';
import { type CatchEnvironment, catchEnvironment } from '@fastweights/datasets';
import { type AgentOptions, adam, rmsProp } from '@fastweights/trainers';
import type { AgentTrainingConfig } from '../config/catch-config.ts';
import { type AgentConfig, parseAgentConfig } from '../config/config.ts';
import { agentOf, type TraceableAgent } from './agent-model.ts';
import { stepSizes } from './optimizer.ts';

/** All that a config of an agent stands for, ready to learn. */
export interface PreparedAgent {
  readonly config: AgentConfig;
  readonly agent: TraceableAgent;
  /** The worlds of this worker. */
  readonly environment: CatchEnvironment & ResumableEnvironment;
  /** A new optimiser of the agent's weights. */
  optimizer(): Optimizer;
  /** What `trainAgent` of trainers is told besides. */
  readonly options: AgentTrainingOptions;
  dispose(): void;
}

export type AgentTrainingOptions = Required<
  Pick<
    AgentOptions,
    'discount' | 'entropyBonus' | 'valueWeight' | 'maxFrames' | 'reportEvery' | 'seed'
  >
> &
  Pick<AgentOptions, 'horizon' | 'annealing'>;

/**
 * Makes everything that one of several workers needs to learn. All that is random follows from the seed of the config: the
 * weights are the same for every worker, its worlds and what it does in them are its own.
 *
 * @example
 * const { agent, environment, optimizer, options } = prepareAgent(parseAgentConfig({ model: { kind: 'lstm' } }));
 * await trainAgent({ agent, environment, optimizer: optimizer(), ...options });
 * @throws ConfigError
 */
export function prepareAgent(
  config: AgentConfig,
  worker: Part = { index: 0, of: 1 },
): PreparedAgent {
  const whole = parseAgentConfig(config);
  checkPart(worker);
  const { data, model, training, seed } = whole;
  const ofWorker = (what: string): number => splitSeed(seed, `${what} of worker ${worker.index}`);
  const { size, visibleFrames } = data;
  const batchSize = training.worlds;
  const worlds = { size, visibleFrames, batchSize, seed: ofWorker('worlds') };
  const environment = catchEnvironment(worlds);
  const agent = agentOf(model, environment.observationSize, seed);
  return {
    config: whole,
    agent,
    environment,
    optimizer: () => agentOptimizer(agent.weights, training),
    options: agentTrainingOptions(training, ofWorker('actions')),
    dispose: () => agent.dispose(),
  };
}

function agentTrainingOptions(training: AgentTrainingConfig, seed: number): AgentTrainingOptions {
  const { horizon, discount, entropyBonus, valueWeight, maxFrames, reportEvery } = training;
  const { annealing: schedule, stepSize, finalShare } = training;
  // Frames stand in the place of updates, as `trainAgent` counts them.
  const annealing = stepSizes({ schedule, stepSize, finalShare, maxUpdates: maxFrames });
  return {
    ...{ discount, entropyBonus, valueWeight, maxFrames, reportEvery, seed },
    ...(horizon > 0 && { horizon }),
    ...(typeof annealing === 'object' && { annealing }),
  };
}

function agentOptimizer(weights: TraceableAgent['weights'], training: AgentTrainingConfig) {
  const { optimizer, stepSize: learningRate, decay, epsilon, clipNorm } = training;
  const options = { learningRate, epsilon, ...(clipNorm > 0 && { clipNorm }) };
  if (optimizer === 'adam') return adam(weights, { ...options, beta2: decay });
  return rmsProp(weights, { ...options, decay });
}
