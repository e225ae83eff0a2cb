import { associativeRetrieval, type RetrievalBatch } from '@fastweights/datasets';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { adam, trainingStep } from '@fastweights/trainers';
import { dispose, memory, type Scalar } from '@tensorflow/tfjs-core';

/**
 * Whole training steps on the active backend. Reading makes a GPU wait, so a round is read once, at its end; the median of
 * the rounds counts.
 */
export async function timeRetrieval(
  units: number,
  { rounds, steps }: { readonly rounds: number; readonly steps: number },
): Promise<Record<string, number>> {
  const model = fastWeightsRetrievalModel({ ...retrievalConfig, units });
  const optimizer = adam(model.weights);
  const step = trainingStep(model, optimizer);
  const { training } = associativeRetrieval({ sizes: { training: 1280, validation: 1, test: 1 } });
  const batches: RetrievalBatch[] = [];
  for await (const batch of training.batches(retrievalConfig.batchSize)) {
    if (batches.push(batch) === 10) break;
  }
  const round = async (steps: number): Promise<number> => {
    const start = performance.now();
    const losses: Scalar[] = [];
    for (let i = 0; i < steps; i++) losses.push(step(batches[i % 10] as RetrievalBatch));
    await losses.at(-1)?.data();
    dispose(losses);
    return (performance.now() - start) / steps;
  };
  await round(2);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await round(steps));
  times.sort((a, b) => a - b);
  const { numBytesInGPUAllocated = 0 } = memory() as { numBytesInGPUAllocated?: number };
  for (const batch of batches) dispose([batch.inputs, batch.targets]);
  optimizer.dispose();
  model.dispose();
  return {
    milliseconds: times[rounds >> 1] as number,
    fastest: times[0] as number,
    bytesAllocated: numBytesInGPUAllocated,
  };
}
