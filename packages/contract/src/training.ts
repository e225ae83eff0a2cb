import { loadWeights, saveWeights } from '@fastweights/core';
import { associativeRetrieval } from '@fastweights/datasets';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { adam, trainingStep, trainSupervised } from '@fastweights/trainers';
import {
  dispose,
  engine,
  getBackend,
  type KernelBackend,
  memory,
  Tensor,
} from '@tensorflow/tfjs-core';
import type { Check } from './check.ts';
import { close, onBoth } from './compare.ts';
import { throughFused } from './fused.ts';

// Whole training steps through the public packages: losses, leaks, save and load, asynchronous reads.

const config = { ...retrievalConfig, units: 8, pairs: 2, batchSize: 8 };
const sizes = { training: 40, validation: 8, test: 8 };

/** What computes a training step where a backend has fused kernels. */
const KERNELS = [
  ['FastWeightsEmbed'],
  ['FastWeightsLinear'],
  ['FastWeightsLastState', 'FastWeightsScan'],
  ['FastWeightsSoftmaxCrossEntropy'],
  ['FastWeightsEmbedGrad'],
  ['FastWeightsLinearGrad'],
  ['FastWeightsLastStateGrad', 'FastWeightsScanGrad'],
  ['FastWeightsSoftmaxCrossEntropyGrad'],
  ['FastWeightsAdamUpdate'],
];

async function losses(updates: number): Promise<number[]> {
  const model = fastWeightsRetrievalModel(config);
  const optimizer = adam(model.weights, { learningRate: config.stepSize });
  const { training, validation } = associativeRetrieval({ pairs: config.pairs, sizes, seed: 1 });
  const found: number[] = [];
  await trainSupervised({
    model,
    optimizer,
    training,
    validation,
    batchSize: config.batchSize,
    maxUpdates: updates,
    reportEvery: 1,
    onProgress: ({ loss }) => found.push(loss),
  });
  optimizer.dispose();
  model.dispose();
  return found;
}

export const trainingChecks: readonly Check[] = [
  {
    name: 'five training steps give the losses that they give on cpu',
    async run() {
      const { here, onCpu } = await onBoth(
        () => losses(5),
        (work) => throughFused(KERNELS, work),
      );
      close(here, onCpu, 'the losses', { relative: 1e-4 });
    },
  },
  {
    name: 'training leaves no tensors behind',
    async run() {
      await losses(1);
      const { numTensors, numDataBuffers } = memory();
      await losses(3);
      const after = memory();
      if (after.numTensors !== numTensors) {
        throw new Error(`${after.numTensors - numTensors} tensors are left`);
      }
      if (after.numDataBuffers !== numDataBuffers) {
        throw new Error(`${after.numDataBuffers - numDataBuffers} buffers are left`);
      }
    },
  },
  {
    name: 'weights are the same after save and load, and as on cpu',
    async run() {
      const bytes = async (seed: number, from?: Uint8Array): Promise<Uint8Array> => {
        const model = fastWeightsRetrievalModel({ ...config, seed });
        if (from) loadWeights(model.weights, from);
        const saved = await saveWeights(model.weights);
        model.dispose();
        return saved;
      };
      const { here, onCpu } = await onBoth(() => bytes(1));
      const again = await bytes(2, here);
      if (here.join() !== onCpu.join()) throw new Error('other weights than on cpu');
      if (again.join() !== here.join()) throw new Error('other weights after save and load');
    },
  },
  {
    name: 'training reads nothing synchronously',
    async run() {
      const restore = forbidSynchronousReads();
      const model = fastWeightsRetrievalModel(config);
      const optimizer = adam(model.weights);
      try {
        const { training } = associativeRetrieval({ pairs: config.pairs, sizes });
        const step = trainingStep(model, optimizer);
        for await (const batch of training.batches(config.batchSize)) {
          const loss = step(batch);
          await loss.data();
          dispose([loss, batch.inputs, batch.targets]);
          break;
        }
        await saveWeights(model.weights);
      } finally {
        restore();
        optimizer.dispose();
        model.dispose();
      }
    },
  },
];

/** Kernels of cpu and wasm read their own memory; those of a GPU must not. */
function forbidSynchronousReads(): () => void {
  const refuse = (): never => {
    throw new Error(`${getBackend()} was read synchronously`);
  };
  const backend = engine().backend as KernelBackend;
  const { readSync } = backend;
  const { dataSync } = Tensor.prototype;
  Tensor.prototype.dataSync = refuse;
  if (['webgpu', 'webgl'].includes(getBackend())) backend.readSync = refuse;
  return () => {
    Tensor.prototype.dataSync = dataSync;
    backend.readSync = readSync;
  };
}
