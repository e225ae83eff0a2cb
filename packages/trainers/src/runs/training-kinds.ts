import type { AgentProgress } from '../agents/agent-options.ts';
import type { AgentState } from '../agents/agent-state.ts';
import type { Progress } from '../supervised.ts';
import type { TrainingState } from '../training-state.ts';

/** What each kind of training reports and keeps. */
interface Trainings {
  readonly supervised: { readonly progress: Progress; readonly state: TrainingState };
  readonly agent: { readonly progress: AgentProgress; readonly state: AgentState };
}

export type TrainingKind = keyof Trainings;
export type ProgressOf<Kind extends TrainingKind> = Trainings[Kind]['progress'];
export type StateOf<Kind extends TrainingKind> = Trainings[Kind]['state'];

/** How far a training is. */
export interface Count {
  readonly unit: 'update' | 'frames';
  readonly value: number;
}

/** Agents have as many frames between two updates as an episode happens to be long: what they do is counted in frames. */
export const countOf = (
  told: ProgressOf<TrainingKind> | StateOf<TrainingKind> | undefined,
): Count => {
  if (!told) return { unit: 'update', value: 0 };
  if ('frames' in told) return { unit: 'frames', value: told.frames };
  return { unit: 'update', value: told.update };
};

/** The best that there were, where it is known which were; those of an agent are the last. */
export const bestWeightsOf = (state: StateOf<TrainingKind>): Uint8Array =>
  'best' in state ? state.best.weights : state.weights;
