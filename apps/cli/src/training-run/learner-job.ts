import type { BackendName } from '@fastweights/backends';
import type { AgentConfig } from '@fastweights/experiments';
import type { AgentProgress, AgentState } from '@fastweights/trainers';
import type { Answers } from './asking.ts';

/** What each learner of an agent is started with: plain data. */
export interface LearnerJob {
  readonly config: AgentConfig;
  /** Where it goes on. */
  readonly from: AgentState | undefined;
  /** Frames between two states. */
  readonly saveEvery: number;
  readonly backend: BackendName;
  readonly answers: Answers;
}

export type FromLearner =
  | { readonly kind: 'progress'; readonly progress: AgentProgress }
  /** It waits until this is kept. */
  | { readonly kind: 'state'; readonly state: AgentState };
