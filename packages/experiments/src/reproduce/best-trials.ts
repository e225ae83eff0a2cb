import type { AgentOutcome } from './agent-result.ts';
import { areaUnder } from './reward-curves.ts';

export type DoneAgentRun = Extract<AgentOutcome, { readonly status: 'done' }>;

/**
 * The trials that have come to their end, the best first: by the mean reward over all of their frames, which is the higher
 * the earlier they learn; of equals the earlier trial. What failed is not among them.
 */
export function bestTrials(search: readonly AgentOutcome[]): DoneAgentRun[] {
  return search
    .filter((outcome): outcome is DoneAgentRun => outcome.status === 'done')
    .map((outcome) => ({ outcome, area: areaUnder(outcome.result.curve) }))
    .filter(({ area }) => Number.isFinite(area))
    .toSorted((a, b) => b.area - a.area || a.outcome.run.trial - b.outcome.run.trial)
    .map(({ outcome }) => outcome);
}
