import { useBackend } from '@fastweights/backends';
import type { Dataset } from '@fastweights/core';
import { associativeRetrieval, type RetrievalBatch } from '@fastweights/datasets';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { adam, type TrainingGroup, trainSupervised } from '@fastweights/trainers';
import { runWorker } from '@fastweights/trainers/node';
import type { Round } from '../turns.ts';

// Trainings of associative retrieval whose every update is timed, by turns: the leader alone, then all workers together.

export interface TurnsJob {
  readonly units: number;
  readonly rounds: number;
  readonly updates: number;
  readonly validateEvery: number;
}

/** The same data; whenever a batch is given out, the time is noted. */
const timed = (data: Dataset<RetrievalBatch>, times: number[]): Dataset<RetrievalBatch> => ({
  ...data,
  async *batches(...args) {
    for await (const batch of data.batches(...args)) {
      times.push(performance.now());
      yield batch;
    }
  },
});

await runWorker<TurnsJob>(async ({ group, data }) => {
  const { units, rounds, updates, validateEvery } = data;
  await useBackend({ prefer: 'wasm' });
  const { training, validation } = associativeRetrieval({ seed: 1 });

  async function train(group?: TrainingGroup): Promise<number[]> {
    const model = fastWeightsRetrievalModel({ ...retrievalConfig, units });
    const optimizer = adam(model.weights);
    const times: number[] = [];
    await trainSupervised({
      model,
      optimizer,
      training: timed(training, times),
      validation,
      batchSize: 128,
      maxUpdates: updates,
      validateEvery,
      group,
    });
    times.push(performance.now());
    optimizer.dispose();
    model.dispose();
    return times;
  }
  const allAreHere = (): Promise<void> => group.sum(new Float32Array(1));

  const all: Round[] = [];
  // The first round is for the compilers.
  for (let round = 0; round <= rounds; round++) {
    const alone = group.index === 0 ? await train() : [];
    await allAreHere();
    const together = await train(group);
    if (round > 0) all.push({ alone, together });
  }
  return all;
});
