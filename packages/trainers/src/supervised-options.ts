import {
  type Batch,
  checkInteger,
  checkKeys,
  checkRange,
  type Dataset,
  type Model,
  type Optimizer,
} from '@fastweights/core';
import { checkState, type TrainingState } from './training-state.ts';
import type { TrainingGroup } from './workers/group.ts';

export interface SupervisedOptions<B extends Batch> {
  readonly model: Model<B>;
  readonly optimizer: Optimizer;
  readonly training: Dataset<B>;
  readonly validation: Dataset<B>;
  /** Default 128, as in the paper. */
  readonly batchSize?: number;
  readonly maxUpdates: number;
  /** Updates between two validations. Default 100. */
  readonly validateEvery?: number;
  /** Training stops once the validation error is below this share. Default 0: it never does. */
  readonly targetError?: number;
  /** Training stops after so many validations without a better one (see `BestFound`). Default: it never does. */
  readonly patience?: number | undefined;
  /** Updates between two reports of the loss. Default 20. */
  readonly reportEvery?: number;
  /** Is told the mean loss since the last report, and after a validation its error; training waits for it. */
  onProgress?(progress: Progress): unknown;
  /** Where to go on: the same bits come out as if training had never stopped, if all other options are the same. */
  readonly from?: TrainingState | undefined;
  /** Updates between two states. Default: as many as between two validations. */
  readonly saveEvery?: number;
  /** Is handed the state to go on from, at the end and after an abort too; training waits for it. */
  onState?(state: TrainingState): unknown;
  /** This worker's way to the others that train along; its leader alone reports, saves and heeds its signal. */
  readonly group?: TrainingGroup | undefined;
  /**
   * Stops training after the update that runs; the result is that of a shorter training. If its reason is an error of
   * this project, such as the loss of a device, nothing more is computed, and a TrainingLostError has the best weights.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface Progress {
  readonly update: number;
  /** The mean since the last report. */
  readonly loss: number;
  /** Of the last update, where the optimiser tells it. */
  readonly learningRate?: number;
  /** The length of all gradients of the last update together, before any clipping. */
  readonly gradientNorm?: number;
  /** Only in the report that follows a validation: the share of wrong answers, … */
  readonly validationError?: number;
  /** … and the mean of −log softmax(scores)[target], in nats. */
  readonly validationLoss?: number;
  /** Training ended between two validations, with one more: had it gone on, this report would not be there. */
  readonly offSchedule?: true;
}

/** All options, checked, with their defaults. */
export type SupervisedSettings<B extends Batch> = SupervisedOptions<B> &
  Required<
    Pick<
      SupervisedOptions<B>,
      'batchSize' | 'validateEvery' | 'reportEvery' | 'targetError' | 'saveEvery'
    >
  > & { readonly patience: number };

const KEYS = [
  'model',
  'optimizer',
  'training',
  'validation',
  'batchSize',
  'maxUpdates',
  'validateEvery',
  'targetError',
  'patience',
  'reportEvery',
  'onProgress',
  'from',
  'saveEvery',
  'onState',
  'group',
  'signal',
];

export function supervisedSettings<B extends Batch>(
  options: SupervisedOptions<B>,
): SupervisedSettings<B> {
  checkKeys('trainSupervised', options, KEYS);
  const { training, validation, maxUpdates, patience = Number.POSITIVE_INFINITY } = options;
  const { batchSize = 128, validateEvery = 100, reportEvery = 20, targetError = 0 } = options;
  const { saveEvery = validateEvery } = options;
  checkInteger('batchSize', batchSize, 1);
  checkInteger('maxUpdates', maxUpdates, 1);
  checkInteger('validateEvery', validateEvery, 1);
  checkInteger('reportEvery', reportEvery, 1);
  checkInteger('saveEvery', saveEvery, 1);
  checkRange('targetError', targetError, 0, 1);
  if (patience !== Number.POSITIVE_INFINITY) checkInteger('patience', patience, 1);
  checkInteger('training.size', training.size, 1);
  checkInteger('validation.size', validation.size, 1);
  if (options.from !== undefined) checkState('from', options.from);
  return { ...options, batchSize, validateEvery, reportEvery, targetError, saveEvery, patience };
}
