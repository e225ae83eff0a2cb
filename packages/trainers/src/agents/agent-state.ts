/** Everything that an agent's training needs to go on: plain data and bytes, to be kept anywhere. */
export interface AgentState {
  /** Observations acted upon, over all worlds and workers. */
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
  /** For `loadWeights`. */
  readonly weights: Uint8Array;
  /** For the optimiser's `load`. */
  readonly optimizer: Uint8Array;
  /** What the next report is about. */
  readonly sums: ReportSums;
  /** Where the worlds stand; none where several workers learn, each of which then begins new episodes. */
  readonly worlds?: AgentWorlds;
}

/** The worlds of one worker between two updates, and what its agent remembers of them. */
export interface AgentWorlds {
  /** The environment's snapshot. */
  readonly environment: unknown;
  /** Of the actions, … */
  readonly seed: number;
  /** … each rollout of which is drawn from a stream of its own. */
  readonly rollouts: number;
  /** What the agent remembers, as safetensors; none at the first frame of all worlds. */
  readonly memory?: Uint8Array;
  /** What each world has given in its episode so far. */
  readonly returns: readonly number[];
}

/** Sums since the last report. */
export interface ReportSums {
  /** Frames at the last report. */
  readonly reported: number;
  readonly updates: number;
  readonly episodes: number;
  /** Of the episodes. */
  readonly rewards: number;
  readonly loss: number;
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
}
