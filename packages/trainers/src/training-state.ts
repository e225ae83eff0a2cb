import { checkInteger, checkRange, OptionError, type Position } from '@fastweights/core';
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

/** Throws unless the plain parts are such as training leaves them; the bytes are for whoever loads them. */
export function checkState(name: string, state: TrainingState): void {
  checkObject(name, state);
  const { update, position, best, losses, gradientNorm } = state;
  checkInteger(`${name}.update`, update, 0);
  checkObject(`${name}.position`, position);
  checkInteger(`${name}.position.epoch`, position.epoch, 0);
  checkInteger(`${name}.position.example`, position.example, 0);
  checkObject(`${name}.best`, best);
  const { validationError, validationLoss } = best;
  // Infinity before the first validation.
  checkRange(`${name}.best.validationError`, validationError, 0, Number.POSITIVE_INFINITY);
  // NaN where the scores were no numbers.
  checkNumber(`${name}.best.validationLoss`, validationLoss);
  checkInteger(`${name}.best.update`, best.update, 0);
  if (best.update > update) {
    throw new OptionError(`${name}.best.update`, `at most ${update}`, `${best.update}`);
  }
  if (!Array.isArray(losses) || !losses.every(Number.isFinite)) {
    throw new OptionError(`${name}.losses`, 'a list of numbers', 'another thing');
  }
  if (gradientNorm !== undefined) checkNumber(`${name}.gradientNorm`, gradientNorm);
}

function checkObject(name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new OptionError(name, 'an object', String(value));
}

function checkNumber(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new OptionError(name, 'a number', `a ${typeof value}`);
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
