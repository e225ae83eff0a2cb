import type { Position } from '@fastweights/core';
import type { BestFound } from './training-lost-error.ts';

/** Everything that training needs to go on as if it had not stopped: plain data and bytes, to be kept anywhere. */
export interface TrainingState {
  /** Updates done. */
  readonly update: number;
  /** Of the next batch of the training data. */
  readonly position: Position;
  /** For `loadWeights`. */
  readonly weights: Uint8Array;
  /** For the optimiser's `load`. */
  readonly optimizer: Uint8Array;
  /** The best on the validation set so far; those of the start, and an error of Infinity, before the first validation. */
  readonly best: BestWeights;
  /** Of the updates that the next report is about; right after a report, still those of that one. */
  readonly losses: readonly number[];
  /** A report was due when training was stopped here; it is given when training goes on. */
  readonly isUnreported?: true;
  /** For that report. */
  readonly gradientNorm?: number;
}

export const START: Position = { epoch: 0, example: 0 };

/** How many rows the batch at a position has. */
export const rowsAt = ({ example }: Position, batchSize: number, size: number): number =>
  // A position at the end of an epoch is that of the next one's start.
  example < size ? Math.min(batchSize, size - example) : Math.min(batchSize, size);

/** The position after a batch of so many rows. */
export function positionAfter({ epoch, example }: Position, rows: number, size: number): Position {
  if (example >= size) return positionAfter({ epoch: epoch + 1, example: 0 }, rows, size);
  return example + rows < size
    ? { epoch, example: example + rows }
    : { epoch: epoch + 1, example: 0 };
}

export interface BestWeights extends BestFound {
  /** For `loadWeights`. */
  readonly weights: Uint8Array;
}
