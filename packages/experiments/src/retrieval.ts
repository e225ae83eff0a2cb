import type { FastWeightsTrace } from '@fastweights/cells';
import { checkKeys, type Model } from '@fastweights/core';
import type { RetrievalBatch } from '@fastweights/datasets';
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
