import {
  type Batch,
  checkInteger,
  checkKeys,
  checkRange,
  type Dataset,
  FastWeightsError,
  loadWeights,
  type Model,
  type Optimizer,
  readSafetensors,
  saveWeights,
  type Weights,
} from '@fastweights/core';
import { dispose, type Scalar, stack, tidy } from '@tensorflow/tfjs-core';
import { breather } from './breather.ts';
import { errorRate } from './evaluate.ts';
import { trainingStep } from './training-step.ts';

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
  /** Updates between two reports of the loss. Default 20. */
  readonly reportEvery?: number;
  /** Is told the mean loss since the last report, and after a validation its error; training waits for it. */
  onProgress?(progress: Progress): unknown;
  /**
   * Stops training after the update that runs; the result is that of a shorter training. If its reason is an error of
   * this project, such as the loss of a device, nothing more is computed, and a TrainingLostError has the best weights.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface Progress {
  readonly update: number;
  readonly loss: number;
  /** Only in the report that follows a validation. */
  readonly validationError?: number;
}

export interface SupervisedResult {
  readonly updates: number;
  /** The best validation error, and the update after which it was measured. */
  readonly best: { readonly validationError: number; readonly update: number };
  readonly stopped: 'target' | 'updates' | 'signal';
}

/** The loss or a weight stopped being a number; the model has the best weights there were before. */
export class DivergedError extends FastWeightsError {
  readonly update: number;

  constructor(update: number, loss: number) {
    super(
      'diverged',
      `The loss or a weight was ${loss} at update ${update}. The model is left with the best weights before it. ` +
        'Try a smaller learning rate, or layer norm in the inner loop.',
    );
    this.update = update;
  }
}

/** What trained is gone, a GPU for example. The best weights were kept elsewhere, and can be loaded into a new model. */
export class TrainingLostError extends FastWeightsError {
  /** For `loadWeights`: the best on the validation set, or those of the start. */
  readonly weights: Uint8Array;
  readonly best: SupervisedResult['best'];
  readonly updates: number;

  constructor(
    cause: FastWeightsError,
    updates: number,
    weights: Uint8Array,
    best: SupervisedResult['best'],
  ) {
    const from = best.update === 0 ? 'the start' : `update ${best.update}`;
    super(
      'training-lost',
      `Training ended at update ${updates}: ${cause.message} The weights of ${from} were kept.`,
      { cause },
    );
    this.weights = weights;
    this.best = best;
    this.updates = updates;
  }
}

const OPTIONS = [
  'model',
  'optimizer',
  'training',
  'validation',
  'batchSize',
  'maxUpdates',
  'validateEvery',
  'targetError',
  'reportEvery',
  'onProgress',
  'signal',
];

/**
 * Trains a classifier, and leaves in it the weights that were best on the validation set.
 *
 * @throws DivergedError, TrainingLostError
 */
export async function trainSupervised<B extends Batch>(
  options: SupervisedOptions<B>,
): Promise<SupervisedResult> {
  checkKeys('trainSupervised', options, OPTIONS);
  const { model, optimizer, training, validation, maxUpdates, signal } = options;
  const { batchSize = 128, validateEvery = 100, reportEvery = 20, targetError = 0 } = options;
  checkInteger('batchSize', batchSize, 1);
  checkInteger('maxUpdates', maxUpdates, 1);
  checkInteger('validateEvery', validateEvery, 1);
  checkInteger('reportEvery', reportEvery, 1);
  checkRange('targetError', targetError, 0, 1);
  checkInteger('training.size', training.size, 1);
  checkInteger('validation.size', validation.size, 1);

  const step = trainingStep(model, optimizer);
  const best = await bestWeights(model.weights);
  const losses: Scalar[] = [];
  const breathe = breather();
  let update = 0;
  let stopped: SupervisedResult['stopped'] | undefined;
  try {
    for await (const batch of training.batches(batchSize)) {
      try {
        losses.push(step(batch));
      } finally {
        dispose([batch.inputs, batch.targets]);
      }
      update++;
      await breathe();
      if (lossOf(signal)) break;

      const ends = update === maxUpdates || signal?.aborted === true;
      const validates = ends || update % validateEvery === 0;
      if (!validates && update % reportEvery !== 0) continue;
      const loss = await meanOf(losses.splice(0), update);
      if (!validates) {
        await options.onProgress?.({ update, loss });
        continue;
      }
      const validationError = await errorRate(model, validation);
      await best.offer(validationError, update);
      await options.onProgress?.({ update, loss, validationError });
      if (validationError < targetError) stopped = 'target';
      else if (signal?.aborted) stopped = 'signal';
      else if (ends) stopped = 'updates';
      if (stopped) break;
    }
  } catch (error) {
    // The news of a loss may come after what it breaks.
    if (signal) await new Promise((resolve) => setTimeout(resolve, 100));
    if (!lossOf(signal)) throw error;
  } finally {
    if (!lossOf(signal)) {
      dispose(losses);
      best.restore();
    }
  }
  const lost = lossOf(signal);
  if (lost) throw new TrainingLostError(lost, update, best.bytes(), best.found());
  if (!stopped) {
    const message = `The training data ended after ${update} updates: batches() must go on for ever.`;
    throw new FastWeightsError('data-ended', message);
  }
  return { updates: update, best: best.found(), stopped };
}

/** The error that a signal was aborted with, if that is why. */
function lossOf(signal: AbortSignal | undefined): FastWeightsError | undefined {
  return signal?.reason instanceof FastWeightsError ? signal.reason : undefined;
}

async function meanOf(losses: Scalar[], update: number): Promise<number> {
  const all = tidy(() => stack(losses));
  const values = await all.data<'float32'>();
  dispose([all, ...losses]);
  const bad = values.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0) throw new DivergedError(update - values.length + bad + 1, values[bad] as number);
  return values.reduce((sum, loss) => sum + loss, 0) / values.length;
}

function areNumbers(saved: Uint8Array): boolean {
  const { tensors } = readSafetensors(saved);
  return [...tensors.values()].every(({ values }) => values.every(Number.isFinite));
}

interface BestWeights {
  offer(validationError: number, update: number): Promise<void>;
  restore(): void;
  bytes(): Uint8Array;
  found(): SupervisedResult['best'];
}

async function bestWeights(weights: Weights): Promise<BestWeights> {
  let bytes = await saveWeights(weights);
  if (!areNumbers(bytes)) throw new DivergedError(0, Number.NaN);
  let found = { validationError: Number.POSITIVE_INFINITY, update: 0 };
  return {
    async offer(validationError, update) {
      if (validationError >= found.validationError) return;
      const saved = await saveWeights(weights);
      // They could not be put back, and would hide what went wrong.
      if (!areNumbers(saved)) throw new DivergedError(update, Number.NaN);
      bytes = saved;
      found = { validationError, update };
    },
    restore: () => loadWeights(weights, bytes),
    bytes: () => bytes,
    found: () => found,
  };
}
