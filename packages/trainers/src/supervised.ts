import {
  type Batch,
  FastWeightsError,
  loadWeights,
  type Optimizer,
  type Position,
} from '@fastweights/core';
import { dispose, type Scalar } from '@tensorflow/tfjs-core';
import { type BestWeightsKeeper, bestWeights, finiteWeights } from './best-weights.ts';
import { breather } from './breather.ts';
import { DivergedError } from './diverged-error.ts';
import { evaluate } from './evaluate.ts';
import { firstNotFinite } from './finite.ts';
import { createHistory, type History } from './history.ts';
import { createLosses, type Losses } from './losses.ts';
import {
  type Progress,
  type SupervisedOptions,
  type SupervisedSettings,
  supervisedSettings,
} from './supervised-options.ts';
import { type BestFound, TrainingLostError } from './training-lost-error.ts';
import { positionAfter, rowsAt, START, type TrainingState } from './training-state.ts';
import { updateStep } from './update-step.ts';
import type { Word } from './workers/summed-gradients.ts';

export type { Progress, SupervisedOptions } from './supervised-options.ts';

export interface SupervisedResult {
  readonly updates: number;
  readonly best: BestFound;
  readonly stopped: 'target' | 'patience' | 'signal' | 'updates';
}

type Stopped = SupervisedResult['stopped'];

/** Where training stands. */
interface Course {
  update: number;
  position: Position;
  readonly losses: Losses;
  /** Of the last update, where a report is due after it. */
  gradientNorm?: number | undefined;
  readonly best: BestWeightsKeeper;
  readonly history: History;
}

/**
 * Trains a classifier, and leaves in it the weights that were best on the validation set.
 *
 * @throws DivergedError, TrainingLostError, WorkerLostError
 */
export async function trainSupervised<B extends Batch>(
  options: SupervisedOptions<B>,
): Promise<SupervisedResult> {
  const settings = supervisedSettings(options);
  const { signal, group } = settings;
  const course = await startCourse(settings).catch((error) => {
    group?.leave();
    throw error;
  });
  const { best, losses, history } = course;
  let stopped: Stopped | undefined;
  try {
    stopped = await train(settings, course);
  } catch (error) {
    // The news of a loss may come after what it breaks.
    if (signal) await new Promise((resolve) => setTimeout(resolve, 100));
    if (!lossOf(signal))
      throw error instanceof DivergedError ? await history.explain(error) : error;
  } finally {
    if (!stopped) group?.leave();
    if (!lossOf(signal)) {
      losses.dispose();
      history.dispose();
      best.restore();
    }
  }
  const { update } = course;
  const { weights, ...found } = best.found();
  const lost = lossOf(signal);
  if (lost) throw new TrainingLostError(lost, update, weights, found);
  if (stopped) return { updates: update, best: found, stopped };
  const message = `The training data ended after ${update} updates: batches() must go on for ever.`;
  throw new FastWeightsError('data-ended', message);
}

async function startCourse<B extends Batch>(settings: SupervisedSettings<B>): Promise<Course> {
  const { model, optimizer, from } = settings;
  if (from) {
    // The best ones are wanted at the end: whether they fit is asked now.
    loadWeights(model.weights, from.best.weights);
    loadWeights(model.weights, from.weights);
    optimizer.load(from.optimizer);
  }
  const { update, position, gradientNorm } = from ?? { update: 0, position: START };
  const best = await bestWeights(model.weights, from?.best);
  const history = createHistory(settings);
  history.take(update, position);
  const losses = createLosses(from?.losses);
  return { update, position, losses, gradientNorm, best, history };
}

/** Until there is a reason to stop; there is none when the data end, or what trains is lost. */
async function train<B extends Batch>(
  settings: SupervisedSettings<B>,
  course: Course,
): Promise<Stopped | undefined> {
  const { model, optimizer, training, batchSize, saveEvery, group, signal } = settings;
  let stopped = reasonToStop(settings, course, false);
  if (stopped) return finish(settings, course, stopped);
  if (settings.from?.isUnreported) await report(settings, course);
  const step = updateStep(model, optimizer, group);
  const pause = breather();
  for await (const batch of training.batches(batchSize, course.position, group)) {
    if (isReported(settings, course.update)) course.losses.clear();
    // A worker has but its part of them.
    const rows = group
      ? rowsAt(course.position, batchSize, training.size)
      : (batch.inputs.shape[0] ?? 0);
    const said = { stops: signal?.aborted === true, breathes: pause.isDue() };
    const isMeasured = leads(settings) && isReported(settings, course.update + 1);
    let heard: Word;
    try {
      const { loss, word, gradientNorm } = await step(batch, rows, said, isMeasured);
      course.losses.add(loss);
      course.gradientNorm = gradientNorm && (await numberOf(gradientNorm));
      heard = word;
    } finally {
      dispose([batch.inputs, batch.targets]);
    }
    course.update++;
    course.position = positionAfter(course.position, rows, training.size);
    if (heard.breathes) await pause.breathe();
    if (lossOf(signal)) return undefined;

    // What stops training is known once there is a validation; where none is due, the report comes with the last one.
    const isChecked = isValidated(settings, course.update);
    if (isChecked) await report(settings, course);
    stopped = reasonToStop(settings, course, heard.stops);
    const isDue = !isChecked && isReported(settings, course.update);
    if (isDue && !stopped) await report(settings, course);
    if (stopped || course.update % saveEvery === 0) {
      await save(settings, course, isDue && stopped !== undefined);
    }
    if (stopped) return finish(settings, course, stopped);
  }
  return undefined;
}

const isValidated = <B extends Batch>(
  { validateEvery }: SupervisedSettings<B>,
  update: number,
): boolean => update % validateEvery === 0;

const isReported = <B extends Batch>(settings: SupervisedSettings<B>, update: number): boolean =>
  update % settings.reportEvery === 0 || isValidated(settings, update);

/** What is due after this update. Looked back to is only what came before it. */
async function report<B extends Batch>(
  settings: SupervisedSettings<B>,
  course: Course,
): Promise<void> {
  const { update, position, losses, gradientNorm, history } = course;
  const { learningRate } = settings.optimizer;
  const loss = await losses.mean(update);
  const validated = isValidated(settings, update) && (await validate(settings, course));
  await tell(settings, {
    update,
    loss,
    ...(learningRate !== undefined && { learningRate }),
    ...(gradientNorm !== undefined && { gradientNorm }),
    ...validated,
  });
  history.take(update, position);
}

type Validated = Required<Pick<Progress, 'validationError' | 'validationLoss'>>;

async function validate<B extends Batch>(
  { model, validation, group }: SupervisedSettings<B>,
  { best, update }: Course,
): Promise<Validated> {
  const { error, loss } = await evaluate(model, validation, group);
  const validated = { validationError: error, validationLoss: loss };
  await best.offer({ ...validated, update });
  return validated;
}

const leads = <B extends Batch>({ group }: SupervisedSettings<B>): boolean =>
  !group || group.index === 0;

async function tell<B extends Batch>(
  settings: SupervisedSettings<B>,
  progress: Progress,
): Promise<void> {
  if (leads(settings)) await settings.onProgress?.(progress);
}

/** It follows from the state alone, so that a training that goes on from its end ends at once. */
function reasonToStop<B extends Batch>(
  { targetError, patience, validateEvery, maxUpdates }: SupervisedSettings<B>,
  { best, update }: Course,
  isAborted: boolean,
): Stopped | undefined {
  const found = best.found();
  if (found.validationError < targetError) return 'target';
  if (update - found.update >= patience * validateEvery) return 'patience';
  if (isAborted) return 'signal';
  return update >= maxUpdates ? 'updates' : undefined;
}

/** Hands over the state. All workers look at the numbers, so that all diverge at the same update. */
async function save<B extends Batch>(
  settings: SupervisedSettings<B>,
  { update, position, losses, gradientNorm, best }: Course,
  isUnreported: boolean,
): Promise<void> {
  const { model, optimizer, onState } = settings;
  if (!onState) return;
  const state: TrainingState = {
    update,
    position,
    losses: [...(await losses.values(update))],
    weights: await finiteWeights(model.weights, update),
    optimizer: await finiteMoments(optimizer, update),
    best: best.found(),
    ...(isUnreported && { isUnreported, ...(gradientNorm !== undefined && { gradientNorm }) }),
  };
  if (leads(settings)) await onState(state);
}

async function finiteMoments(optimizer: Optimizer, update: number): Promise<Uint8Array> {
  const bytes = await optimizer.save();
  const path = firstNotFinite(bytes);
  if (path !== undefined) throw new DivergedError({ update, what: 'moment', path });
  return bytes;
}

/** One more validation, if none was due; that it was is in no state, since a longer training would not have had it. */
async function finish<B extends Batch>(
  settings: SupervisedSettings<B>,
  course: Course,
  stopped: Stopped,
): Promise<Stopped> {
  const { update, losses, best } = course;
  if (isValidated(settings, update)) return stopped;
  const loss = await losses.mean(update);
  const validated = await validate(settings, course);
  await tell(settings, { update, loss, ...validated, offSchedule: true });
  return best.found().validationError < settings.targetError ? 'target' : stopped;
}

async function numberOf(value: Scalar): Promise<number> {
  const [number] = await value.data<'float32'>();
  value.dispose();
  return number as number;
}

/** The error that a signal was aborted with, if that is why. */
function lossOf(signal: AbortSignal | undefined): FastWeightsError | undefined {
  return signal?.reason instanceof FastWeightsError ? signal.reason : undefined;
}
