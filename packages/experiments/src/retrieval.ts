import type { FastWeightsTrace } from '@fastweights/cells';
import { checkKeys, type Model, splitSeed } from '@fastweights/core';
import {
  type AssociativeRetrieval,
  associativeRetrieval,
  type RetrievalBatch,
  type RetrievalSizes,
} from '@fastweights/datasets';
import {
  adam,
  errorRate,
  type Progress,
  type SupervisedResult,
  trainSupervised,
} from '@fastweights/trainers';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { fastWeightsModelOf } from './prepare/retrieval-experiment.ts';

/** Table 1, last row: fast weights on associative retrieval. Values the paper does not state are marked. */
export const retrievalConfig = {
  /** R of Table 1: 20, 50 or 100. */
  units: 50,
  decayRate: 0.9,
  learningRate: 0.5,
  /** Not stated; more are said to give similar results. */
  innerSteps: 1,
  /** K, inferred from the examples. */
  pairs: 4,
  batchSize: 128,
  /** Adam's; not stated. */
  stepSize: 0.001,
  /** Training stops below this validation error, or after so many updates. */
  targetError: 0.01,
  maxUpdates: 4000,
  validateEvery: 100,
  seed: 1,
};

export type RetrievalConfig = typeof retrievalConfig;

export interface RetrievalResult {
  readonly updates: number;
  readonly validationError: number;
  readonly testError: number;
  readonly stopped: SupervisedResult['stopped'];
}

export interface RetrievalRun {
  onProgress?(progress: Progress): unknown;
  readonly signal?: AbortSignal | undefined;
  /** Sizes of the splits, where the paper's are too large. */
  readonly sizes?: Partial<RetrievalSizes>;
}

export interface FastWeightsRetrievalModel extends Model<RetrievalBatch> {
  /** What happens in the cell while it reads strings: ids `[batch, time]` → its trace. */
  trace(ids: Tensor2D): FastWeightsTrace;
}

/** The untrained model of a config. */
export function fastWeightsRetrievalModel(config: RetrievalConfig): FastWeightsRetrievalModel {
  checkKeys('the retrieval config', config, Object.keys(retrievalConfig));
  const { units, decayRate, learningRate, innerSteps, seed } = config;
  return fastWeightsModelOf(
    {
      kind: 'fast-weights',
      ...{ units, decayRate, learningRate, innerSteps },
      ...{ layerNorm: ['inner'], settling: 'sustained', innerWeights: 'fast' },
      embeddingScale: 0.3,
    },
    seed,
  );
}

function retrievalData(
  { pairs, seed }: RetrievalConfig,
  sizes: Partial<RetrievalSizes> | undefined,
): AssociativeRetrieval {
  return associativeRetrieval({ pairs, seed: splitSeed(seed, 'data'), ...(sizes && { sizes }) });
}

/** The error of a model on the test strings of its config, which no training has seen. */
export function testRetrieval(
  config: RetrievalConfig,
  model: Model<RetrievalBatch>,
  sizes?: Partial<RetrievalSizes>,
): Promise<number> {
  return errorRate(model, retrievalData(config, sizes).test);
}

/** Trains a model of this config; the model is left with its best weights. */
export async function trainRetrieval(
  config: RetrievalConfig,
  model: Model<RetrievalBatch>,
  { onProgress, signal, sizes }: RetrievalRun = {},
): Promise<RetrievalResult> {
  const data = retrievalData(config, sizes);
  const optimizer = adam(model.weights, { learningRate: config.stepSize });
  try {
    const { updates, best, stopped } = await trainSupervised({
      model,
      optimizer,
      training: data.training,
      validation: data.validation,
      batchSize: config.batchSize,
      maxUpdates: config.maxUpdates,
      validateEvery: config.validateEvery,
      targetError: config.targetError,
      ...(onProgress && { onProgress }),
      signal,
    });
    const testError = await errorRate(model, data.test);
    return { updates, validationError: best.validationError, testError, stopped };
  } finally {
    optimizer.dispose();
  }
}
