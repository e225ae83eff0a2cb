import { type Dataset, saveWeights } from '@fastweights/core';
import { dispose, memory, type NamedTensorMap, tensor2d } from '@tensorflow/tfjs-core';
import { adam, errorRate, type TrainingState, trainSupervised } from '../src/index.ts';
import { runWorker, type WorkerContext } from '../src/node/index.ts';
import { summedGradients } from '../src/workers/summed-gradients.ts';
import { classifier, type Points, points } from './points.ts';

// What the workers of workers.test.ts do.

export interface Task {
  readonly what: 'gradients' | 'train' | 'error rate';
  readonly batchSize?: number;
  readonly from?: TrainingState;
  readonly maxUpdates?: number;
  /** What happens to the worker of index 1 in update 21. */
  readonly mishap?: 'throw' | 'exit' | 'heed no part' | 'NaN';
  /** Kernels on this backend; without it, plain cpu. */
  readonly fused?: 'cpu' | 'wasm' | undefined;
}

const training = points(100, 1);

export type Numbers = Readonly<Record<string, number[]>>;

const numbersOf = (tensors: NamedTensorMap): Numbers =>
  Object.fromEntries(Object.entries(tensors).map(([path, t]) => [path, [...t.dataSync()]]));

async function gradients({ group, data }: WorkerContext<Task>): Promise<unknown> {
  const summed = summedGradients(classifier(), group);
  const { batchSize = 32 } = data;
  for await (const batch of training.batches(batchSize, { epoch: 2, example: 0 }, group)) {
    const { loss, gradients } = await summed(batch, batchSize, { stops: false, breathes: false });
    return { loss, gradients: numbersOf(gradients) };
  }
  return undefined;
}

function withMishap({ mishap }: Task, index: number): Dataset<Points> {
  if (index !== 1 || !mishap) return training;
  return {
    ...training,
    async *batches(batchSize, from = { epoch: 0, example: 0 }, part) {
      // An epoch is four batches.
      let update = 4 * from.epoch + from.example / 32;
      for await (const batch of training.batches(batchSize, from, part)) {
        if (++update === 21) {
          if (mishap === 'throw') throw new TypeError('a bug');
          if (mishap === 'exit') process.exit(3);
          if (mishap === 'heed no part') {
            dispose([batch.inputs, batch.targets]);
            for await (const whole of training.batches(batchSize, from)) yield whole;
          }
          if (mishap === 'NaN') {
            const inputs = tensor2d([Number.NaN, ...Array(31).fill(0)], [16, 2]);
            batch.inputs.dispose();
            yield { ...batch, inputs };
            continue;
          }
        }
        yield batch;
      }
    },
  };
}

async function train({ group, data, signal, post }: WorkerContext<Task>): Promise<unknown> {
  const model = classifier();
  const states: TrainingState[] = [];
  const progress: unknown[] = [];
  const optimizer = adam(model.weights, { learningRate: 0.05, clipNorm: 0.3 });
  const { numTensors } = memory();
  const result = await trainSupervised({
    model,
    optimizer,
    training: withMishap(data, group.index),
    validation: points(301, 2),
    batchSize: 32,
    maxUpdates: data.maxUpdates ?? 60,
    validateEvery: 15,
    reportEvery: 4,
    saveEvery: 10,
    from: data.from,
    signal,
    group,
    onState: (state) => states.push(state),
    onProgress(now) {
      progress.push(now);
      if (now.update === 8) post('under way');
    },
  });
  if (memory().numTensors !== numTensors) throw new Error('training left tensors behind');
  post({ index: group.index, weights: await saveWeights(model.weights) });
  return { result, states, progress };
}

await runWorker<Task>(async (context) => {
  const { data, group } = context;
  if (data.fused) {
    const { useBackend } = await import('../../backends/src/index.ts');
    await useBackend({ prefer: data.fused });
  } else await import('../../testing/src/setup.ts');
  if (data.what === 'gradients') return gradients(context);
  if (data.what === 'train') return train(context);
  return errorRate(classifier(), points(301, 2), group);
});
