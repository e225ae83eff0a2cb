import { loadWeights, type Optimizer, type Weights } from '@fastweights/core';
import { type Ledger, newLedger, openLedger } from './agent-ledger.ts';
import type { AgentState } from './agent-state.ts';

/** Who else moves the weights: nobody, or the other workers. */
export interface Learner {
  /** How many there are. */
  readonly workers: number;
  readonly ledger: Ledger;
  /** To be called first: everything is as in the state, or as those have left it who are at work already. */
  begin(from: AgentState | undefined): Promise<void>;
  /** One update, from the newest weights: nobody else moves them meanwhile, and all have them afterwards. */
  update<Result>(frames: number, work: () => Result): Promise<Result>;
  /** Ends this worker's part, with the newest weights; whether it was the last one at work. */
  leave(): Promise<boolean>;
}

/** Nobody else. */
export function soleLearner(weights: Weights, optimizer: Optimizer): Learner {
  const ledger = newLedger();
  return {
    workers: 1,
    ledger,
    async begin(from) {
      if (from) loadState(weights, optimizer, ledger, from);
    },
    update: async (_, work) => work(),
    leave: async () => true,
  };
}

export function loadState(
  weights: Weights,
  optimizer: Optimizer,
  ledger: Ledger,
  from: AgentState,
): void {
  loadWeights(weights, from.weights);
  optimizer.load(from.optimizer);
  openLedger(ledger, from);
}
