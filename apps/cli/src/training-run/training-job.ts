import { type BackendName, type UseBackendOptions, useBackend } from '@fastweights/backends';
import { countWeights, saveWeights } from '@fastweights/core';
import {
  type Experiment,
  type ExperimentConfig,
  prepareExperiment,
  type TraceableModel,
} from '@fastweights/experiments';
import { fileSources, type ImageProgress } from '@fastweights/experiments/node';
import {
  errorRate,
  type Progress,
  type SupervisedResult,
  type TrainingGroup,
  type TrainingState,
  trainSupervised,
} from '@fastweights/trainers';

/** One training, as plain data: a worker thread may be handed it. */
export interface TrainingJob {
  readonly config: ExperimentConfig;
  /** Where it goes on. */
  readonly from: TrainingState | undefined;
  /** A folder for rendered images. */
  readonly cache: string;
  readonly backend: UseBackendOptions;
}

export interface BackendFacts {
  readonly name: BackendName;
  readonly device: string;
  /** How many numbers there are to learn. */
  readonly weightCount: number;
  /** What is not there, and should be known of. */
  readonly refused: readonly { readonly code: string; readonly message: string }[];
}

/** Who hears of a training; it waits for what they do. */
export interface JobListener {
  onBackend(facts: BackendFacts): unknown;
  /** The data are about to be opened: what this answers is waited for. */
  onOpen(): unknown;
  /** Images are made or read, before training. */
  onImages(progress: ImageProgress): unknown;
  /** The data are open, or could not be opened. */
  onOpened(): unknown;
  /** The model itself, where it is in this thread: it changes as it learns, and is gone after the test. */
  onModel?(model: TraceableModel): unknown;
  onProgress(progress: Progress): unknown;
  onState(state: TrainingState): unknown;
  /** Training is over. */
  onTest(): unknown;
}

export interface TrainedJob extends SupervisedResult {
  /** Of the best weights. */
  readonly testError: number;
  readonly weights: Uint8Array;
}

export interface JobPlace {
  readonly signal: AbortSignal;
  readonly group?: TrainingGroup | undefined;
}

/** Enough of them for a curve, and for somebody who watches. */
const REPORTS_PER_VALIDATION = 10;

/** Trains and tests; undefined if the signal came first. */
export async function trainJob(
  job: TrainingJob,
  { signal, group }: JobPlace,
  listener: JobListener,
): Promise<TrainedJob | undefined> {
  const choice = await useBackend(job.backend);
  const leads = !group || group.index === 0;
  const { onImages: onProgress } = listener;
  const sources = fileSources({ cache: job.cache, signal, ...(leads && { onProgress }) });
  const experiment = prepareExperiment(job.config, sources);
  const { model, config } = experiment;
  const optimizer = experiment.optimizer();
  const { batchSize, maxUpdates, validateEvery, targetError, patience } = config.training;
  try {
    if (leads) {
      const { name, device } = choice;
      const refused = choice.refused.map(({ code, message }) => ({ code, message }));
      const weightCount = countWeights(model.weights);
      await listener.onBackend({ name, device, weightCount, refused });
      await listener.onModel?.(model);
    }
    const data = await openData(experiment, { signal, group }, listener);
    if (!data) return undefined;
    const result = await trainSupervised({
      model,
      optimizer,
      ...data,
      ...{ batchSize, maxUpdates, validateEvery, targetError },
      patience: patience || undefined,
      reportEvery: Math.ceil(validateEvery / REPORTS_PER_VALIDATION),
      from: job.from,
      group,
      signal: AbortSignal.any([signal, choice.lost]),
      onProgress: listener.onProgress,
      onState: listener.onState,
    });
    if (result.stopped === 'signal') return undefined;
    if (leads) await listener.onTest();
    const testError = await errorRate(model, await experiment.data.test(), group);
    return { ...result, testError, weights: await saveWeights(model.weights) };
  } finally {
    if (!choice.lost.aborted) {
      optimizer.dispose();
      experiment.dispose();
    }
  }
}

type OpenData = Record<'training' | 'validation', Awaited<ReturnType<Experiment['data']['test']>>>;

/** The leader first: the others then find what it keeps in files. Undefined if the signal came meanwhile. */
async function openData(
  { data }: Experiment,
  { signal, group }: JobPlace,
  listener: JobListener,
): Promise<OpenData | undefined> {
  const open = async (): Promise<OpenData> => ({
    training: await data.training(),
    validation: await data.validation(),
  });
  const openFirst = async (): Promise<OpenData> => {
    await listener.onOpen();
    try {
      signal.throwIfAborted();
      return await open();
    } finally {
      await listener.onOpened();
    }
  };
  try {
    if (!group) return await openFirst();
    const early = group.index === 0 ? await openFirst() : undefined;
    await group.sum(new Float32Array(1));
    return early ?? (await open());
  } catch (error) {
    // Of the signal a thread that has waited for the leader hears in its next turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return undefined;
    throw error;
  }
}
