import { type FastWeightsTrace, fastWeightsCell } from '@fastweights/cells';
import { splitSeed } from '@fastweights/core';
import { associativeRetrieval, type RetrievalBatch } from '@fastweights/datasets';
import { type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { Embedding, FastWeightsModel, RetrievalModelConfig } from '../config/model-configs.ts';
import type { RetrievalExperiment } from '../config/retrieval-config.ts';
import { type RetrievalModel, retrievalModel } from '../retrieval-model.ts';
import { fastWeightsOptions, plainCell } from './cells.ts';
import type { ExperimentData, TraceableModel } from './experiment.ts';
import { once } from './once.ts';

/** Both embeddings are this wide at the end: the cell's input. */
const CELL_INPUT = 100;
const DIGITS: readonly string[] = [...'0123456789'];

export function retrievalModelOf(
  model: RetrievalModelConfig,
  seed: number,
): TraceableModel<RetrievalBatch> {
  if (model.kind === 'fast-weights') return fastWeightsModelOf(model, seed);
  const cell = plainCell(model, { inputSize: CELL_INPUT, seed: splitSeed(seed, 'cell') });
  const { embeddingScale } = model;
  return retrievalModel({ cell, embeddingScale, seed: splitSeed(seed, 'model') });
}

export function fastWeightsModelOf(
  model: FastWeightsModel & Embedding,
  seed: number,
): RetrievalModel & { trace(ids: Tensor): FastWeightsTrace } {
  const place = { inputSize: CELL_INPUT, seed: splitSeed(seed, 'cell') };
  const cell = fastWeightsCell(fastWeightsOptions(model, place));
  const { embeddingScale } = model;
  const network = retrievalModel({ cell, embeddingScale, seed: splitSeed(seed, 'model') });
  return {
    ...network,
    trace: (ids) => tidy(() => cell.trace(network.cellInputs(ids as Tensor2D))),
  };
}

export function retrievalDataOf({ data, seed }: RetrievalExperiment): ExperimentData {
  const { pairs, sizes, testSeed } = data;
  // Strings nobody asks for are not made.
  const own = once(async () =>
    associativeRetrieval({
      pairs,
      sizes: { ...sizes, test: 1 },
      seed: splitSeed(seed, 'data'),
    }),
  );
  const other = once(async () =>
    associativeRetrieval({
      pairs,
      sizes: { training: 1, validation: 1, test: sizes.test },
      seed: splitSeed(testSeed, 'test strings'),
    }),
  );
  return {
    training: async () => (await own()).training,
    validation: async () => (await own()).validation,
    test: async () => (await other()).test,
    classes: async () => DIGITS,
  };
}
