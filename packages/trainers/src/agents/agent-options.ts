import type { Agent, Optimizer, ResumableEnvironment } from '@fastweights/core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core';
import type { Schedule } from '../schedule.ts';
import type { AgentState } from './agent-state.ts';
import type { SharedLearner } from './shared-learner.ts';

export interface AgentOptions<State extends TensorContainerObject = TensorContainerObject> {
  readonly agent: Agent<State>;
  /** The worlds that it acts in; all advance together. */
  readonly environment: ResumableEnvironment;
  readonly optimizer: Optimizer;
  /** Steps between two updates at most. Default: until an episode ends. */
  readonly horizon?: number | undefined;
  /** γ. Default 0.99. */
  readonly discount?: number;
  /** Default 0.01. */
  readonly entropyBonus?: number;
  /** Default 0.5. */
  readonly valueWeight?: number;
  /** How the learning rate changes, in the optimiser's place: its `updates` are frames, of all workers together. */
  readonly annealing?: Schedule | undefined;
  /** Training stops after the update that reaches it. Frames are observations acted upon, over all worlds and workers. */
  readonly maxFrames: number;
  /** Of the worlds and the actions; each worker's its own. Default 0. */
  readonly seed?: number;
  /** Frames between two reports; one also waits for the end of an episode. Default 10,000. */
  readonly reportEvery?: number;
  /** Is told what came of the frames since the last report; training waits for it. */
  onProgress?(progress: AgentProgress): unknown;
  /** Where to go on: without other workers the same bits come out as if training had never stopped. */
  readonly from?: AgentState | undefined;
  /** Frames between two states. Default 100,000. */
  readonly saveEvery?: number;
  /** Is handed the state to go on from, at the end and after an abort too; training waits for it. */
  onState?(state: AgentState): unknown;
  /**
   * This worker's way to the others that learn along. Reports and states are then about all of them, and come from whoever
   * has lived through the frame that they were due at.
   */
  readonly shared?: SharedLearner | undefined;
  /** Stops training after the update that runs. */
  readonly signal?: AbortSignal | undefined;
}

export interface AgentProgress {
  /** Observations acted upon, over all worlds and workers. */
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
  /** Of the episodes that have ended since the last report. */
  readonly meanReward: number;
  /** The mean of the updates since the last report, … */
  readonly loss: number;
  /** … and what it is made of: of −log π(a)·(R − V), … */
  readonly policyLoss: number;
  /** … of ½ (R − V)², … */
  readonly valueLoss: number;
  /** … and of the policy's entropy, in nats. */
  readonly entropy: number;
  /** The length of all gradients of the last update together, before any clipping. */
  readonly gradientNorm: number;
  /** Of the last update, where the optimiser tells it. */
  readonly learningRate?: number;
}

export interface AgentResult {
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
  /** Of the last report, or of all episodes where there was none; not there if none has ended. */
  readonly meanReward?: number;
  readonly stopped: 'frames' | 'signal';
}
