import type { BestFound } from '@fastweights/trainers';

/** What is known of a finished run. */
export interface RunResult {
  readonly updates: number;
  readonly stopped: 'target' | 'updates' | 'patience';
  readonly best: BestFound;
  /** Of the best weights, on examples that nothing before has looked at. */
  readonly testError: number;
  readonly curve: readonly CurvePoint[];
  /** Of training and evaluation, all sessions together. */
  readonly seconds: number;
  /** Where its files are. */
  readonly directory?: string;
}

export interface CurvePoint {
  readonly update: number;
  /** The mean of the training batches since the point before. */
  readonly loss: number;
  readonly validationError?: number;
  /** In nats. */
  readonly validationLoss?: number;
}
