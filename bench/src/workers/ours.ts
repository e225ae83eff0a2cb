import { useBackend } from '@fastweights/backends';
import { lstmCell } from '@fastweights/baselines';
import { fastWeightsCell } from '@fastweights/cells';
import { walkWeights } from '@fastweights/core';
import {
  fastWeightsRetrievalModel,
  type RetrievalModel,
  retrievalConfig,
  retrievalModel,
} from '@fastweights/experiments';
import { adam, trainingStep } from '@fastweights/trainers';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { fusedKernels } from '../kernels.ts';
import { decodeFloats, type Init } from '../protocol.ts';
import { batchesOf } from './batches.ts';
import { gradientsOf } from './gradients.ts';
import { type Runner, serve } from './serve.ts';

// Ours as a contender: `ours.ts fused` with the kernels that useBackend registers, `ours.ts op-by-op` with none of them.

const fused = process.argv[2] === 'fused';
const choice = await useBackend({ prefer: 'wasm' });
const kernels = fusedKernels();
if (!fused) kernels.remove();

/** The models by form: the public one, and op by op one for each form of the memory. */
function createModel({
  form,
  job,
}: Init): Pick<RetrievalModel, 'weights' | 'loss' | 'isSteady' | 'dispose'> {
  const { units, decayRate, learningRate } = job;
  if (form === 'fast-weights') {
    return fastWeightsRetrievalModel({ ...retrievalConfig, units, decayRate, learningRate });
  }
  if (form === 'attention' || form === 'matrix') {
    const cell = fastWeightsCell({ inputSize: 100, units, decayRate, learningRate, memory: form });
    return retrievalModel({ cell });
  }
  if (form === 'lstm') return retrievalModel({ cell: lstmCell({ inputSize: 100, units }) });
  throw new Error(`there is no model ${form}`);
}

/** Training needs the backward too; without it the op would be its reference, and "fused" untrue. */
function checkKernel(name: string): void {
  for (const needed of [name, `${name}Grad`]) {
    if (!kernels.names.includes(needed)) throw new Error(`useBackend has no kernel ${needed}`);
  }
}

async function createRunner(init: Init): Promise<Runner> {
  if (fused) checkKernel(init.form === 'lstm' ? 'FastWeightsLstmScan' : 'FastWeightsScan');
  const model = createModel(init);
  for (const [path, weight] of walkWeights(model.weights)) {
    const values = init.weights[path];
    if (!values) throw new Error(`the job has no weight ${path}`);
    tidy(() => weight.assign(tensor(decodeFloats(values), [...weight.shape])));
  }
  const optimizer = adam(model.weights, { learningRate: init.job.stepSize });
  const batches = batchesOf(init);
  const step = trainingStep(model, optimizer);
  let next = 0;
  return {
    mode: fused
      ? 'fused kernels, replayed'
      : `op by op, ${init.form === 'lstm' ? 'LSTM' : `${init.form} form`}`,
    gradients: (batch) => gradientsOf(model, pick(batch)),
    step: () => step(pick(next++)).dispose(),
    dispose() {
      optimizer.dispose();
      model.dispose();
      for (const { inputs, targets } of batches) {
        inputs.dispose();
        targets.dispose();
      }
    },
  };

  function pick(i: number) {
    const batch = batches[i % batches.length];
    if (!batch) throw new Error('the job has no batches');
    return batch;
  }
}

const { packageName, version, device } = choice;
await serve({ versions: { [packageName]: version }, device }, createRunner);
