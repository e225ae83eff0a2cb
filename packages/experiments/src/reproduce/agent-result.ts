import type { PlannedAgentRun } from '../tables/plan-figure.ts';
import type { RunOutcome } from './reproduce.ts';

/** What is known of a finished run of an agent. */
export interface AgentRunResult {
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
  readonly curve: readonly RewardPoint[];
  /** Of all sessions together. */
  readonly seconds: number;
  /** Where its files are. */
  readonly directory?: string;
}

/** One report of the training. */
export interface RewardPoint {
  readonly frames: number;
  /** Of the episodes since the report before. */
  readonly meanReward: number;
}

export type AgentOutcome = RunOutcome<PlannedAgentRun, AgentRunResult>;
