import { useBackend } from '@fastweights/backends';
import {
  cast,
  mean,
  oneHot,
  type Scalar,
  type Tensor,
  tensor,
  tidy,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import {
  initializers,
  type LayersModel,
  layers,
  metrics,
  sequential,
  version_layers,
} from '@tensorflow/tfjs-layers';
import { decodeFloats, type Init } from '../protocol.ts';
import { batchesOf } from './batches.ts';
import { type Gradient, type Runner, serve } from './serve.ts';

// tfjs-layers' LSTM between the same embeddings and head. Forms: `one-hot` makes the first embedding a matrix product,
// whose gradient wasm has; `embedding` is the layer of that name.

const choice = await useBackend({ prefer: 'wasm' });

const VOCABULARY = 37;

/** Our paths, in the order in which the layers have their weights. */
const PATHS = [
  'embedding',
  'projection.kernel',
  'projection.bias',
  'cell.kernel',
  'cell.recurrentKernel',
  'cell.bias',
  'hidden.kernel',
  'hidden.bias',
  'output.kernel',
  'output.bias',
];

function createModel({ form, job }: Init, implementation: 1 | 2): LayersModel {
  const { units, time } = job;
  // All are replaced; an orthogonal start would take minutes.
  const start = () => ({ kernelInitializer: initializers.zeros() });
  const first =
    form === 'embedding'
      ? layers.embedding({ inputDim: VOCABULARY, outputDim: 50, inputLength: time })
      : layers.dense({ units: 50, useBias: false, inputShape: [time, VOCABULARY], ...start() });
  const model = sequential({
    layers: [
      first,
      layers.dense({ units: 100, ...start() }),
      layers.lstm({
        units,
        implementation,
        // Keras's default, a piecewise linear one, is another network.
        recurrentActivation: 'sigmoid',
        unitForgetBias: false,
        recurrentInitializer: initializers.zeros(),
        ...start(),
      }),
      layers.dense({ units: 100, activation: 'relu', ...start() }),
      layers.dense({ units: 10, activation: 'softmax', ...start() }),
    ],
  });
  model.compile({ optimizer: train.adam(job.stepSize), loss: 'categoricalCrossentropy' });
  return model;
}

interface Example {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

function examplesOf(init: Init): Example[] {
  return batchesOf(init).map(({ inputs, targets }) => ({
    inputs:
      init.form === 'embedding' ? inputs : tidy(() => cast(oneHot(inputs, VOCABULARY), 'float32')),
    targets: tidy(() => cast(oneHot(targets, 10), 'float32')),
  }));
}

async function timeOf(model: LayersModel, { inputs, targets }: Example): Promise<number> {
  await model.trainOnBatch(inputs, targets);
  const start = performance.now();
  for (let i = 0; i < 3; i++) await model.trainOnBatch(inputs, targets);
  return performance.now() - start;
}

/** The setting that is faster here: 1 has products of each gate, 2 one product of all. */
async function fastest(init: Init, example: Example): Promise<1 | 2> {
  const times = [];
  for (const implementation of [1, 2] as const) {
    const model = createModel(init, implementation);
    setWeights(model, init);
    times.push(await timeOf(model, example));
    model.dispose();
  }
  const [one = 0, two = 0] = times;
  return one < two ? 1 : 2;
}

function setWeights(model: LayersModel, init: Init): void {
  const values = PATHS.map((path) => {
    const numbers = init.weights[path];
    if (!numbers) throw new Error(`the job has no weight ${path}`);
    return tensor(decodeFloats(numbers), [...numbers.shape]);
  });
  model.setWeights(values);
  for (const value of values) value.dispose();
}

async function gradientsOf(
  model: LayersModel,
  { inputs, targets }: Example,
): Promise<{ loss: number; gradients: Map<string, Gradient> }> {
  // A layer's weights are variables, though their type does not say so.
  const weights = model.getWeights() as Variable[];
  const loss = (): Scalar =>
    mean(
      metrics.categoricalCrossentropy(targets, model.apply(inputs, { training: true }) as Tensor),
    );
  const { value, grads } = tidy(() => variableGrads(loss, weights));
  const gradients = new Map<string, Gradient>();
  for (const [i, path] of PATHS.entries()) {
    const gradient = grads[weights[i]?.name ?? ''];
    if (!gradient) throw new Error(`there is no gradient of ${path}`);
    const values = await gradient.data<'float32'>();
    gradients.set(path, { shape: gradient.shape, values: values.slice() });
  }
  const [number = Number.NaN] = await value.data();
  return { loss: number, gradients };
}

async function createRunner(init: Init): Promise<Runner> {
  const examples = examplesOf(init);
  const pick = (i: number): Example => {
    const example = examples[i % examples.length];
    if (!example) throw new Error('the job has no batches');
    return example;
  };
  const implementation = await fastest(init, pick(0));
  const model = createModel(init, implementation);
  setWeights(model, init);
  let next = 0;
  return {
    mode: `trainOnBatch, implementation ${implementation}, first layer ${init.form}`,
    gradients: (batch) => gradientsOf(model, pick(batch)),
    async step() {
      const { inputs, targets } = pick(next++);
      await model.trainOnBatch(inputs, targets);
    },
    dispose() {
      model.dispose();
      for (const { inputs, targets } of examples) {
        inputs.dispose();
        targets.dispose();
      }
    },
  };
}

const versions = { 'tfjs-layers': version_layers, [choice.packageName]: choice.version };
await serve({ versions, device: choice.device }, createRunner);
