import { type BackendName, type UseBackendOptions, useBackend } from '@fastweights/backends';
import { saveWeights } from '@fastweights/core';
import {
  type Experiment,
  type ExperimentConfig,
  prepareExperiment,
} from '@fastweights/experiments';
import { fileSources } from '@fastweights/experiments/node';
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
  /** What is not there, and should be known of. */
  readonly refused: readonly { readonly code: string; readonly message: string }[];
}

/** Who hears of a training; it waits for what they do. */
export interface JobListener {
  onBackend(facts: BackendFacts): unknown;
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
  if (leads) {
    const { name, device } = choice;
    const refused = choice.refused.map(({ code, message }) => ({ code, message }));
    await listener.onBackend({ name, device, refused });
  }
  const experiment = prepareExperiment(job.config, fileSources({ cache: job.cache }));
  const { training, ...data } = await openData(experiment, group);
  const { model, config } = experiment;
  const optimizer = experiment.optimizer();
  const { batchSize, maxUpdates, validateEvery, targetError, patience } = config.training;
  try {
    const result = await trainSupervised({
      model,
      optimizer,
      training,
      validation: data.validation,
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

/** The leader first: the others then find what it keeps in files. */
async function openData({ data }: Experiment, group: TrainingGroup | undefined): Promise<OpenData> {
  const open = async (): Promise<OpenData> => ({
    training: await data.training(),
    validation: await data.validation(),
  });
  if (!group) return open();
  const early = group.index === 0 ? await open() : undefined;
  await group.sum(new Float32Array(1));
  return early ?? open();
}
