import { useBackend } from '@fastweights/backends';
import { associativeRetrieval } from '@fastweights/datasets';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { adam, trainSupervised } from '@fastweights/trainers';
import { runWorker } from '@fastweights/trainers/node';

// A training of associative retrieval whose every report is timed, alone or as one of several workers.

export interface SupervisedJob {
  readonly units: number;
  readonly updates: number;
  readonly validateEvery: number;
  readonly reportEvery: number;
}

/** When an update was reached, in ms. */
export interface Reached {
  readonly update: number;
  readonly at: number;
}

await runWorker<SupervisedJob>(async ({ group, data }) => {
  const { units, updates, validateEvery, reportEvery } = data;
  await useBackend({ prefer: 'wasm' });
  const model = fastWeightsRetrievalModel({ ...retrievalConfig, units });
  const { training, validation } = associativeRetrieval({ seed: 1 });
  const reached: Reached[] = [];
  await trainSupervised({
    model,
    optimizer: adam(model.weights),
    training,
    validation,
    batchSize: 128,
    maxUpdates: updates,
    validateEvery,
    reportEvery,
    onProgress: ({ update }) => reached.push({ update, at: performance.now() }),
    // One worker trains as if there were no workers.
    group: group.of > 1 ? group : undefined,
  });
  return reached;
});
