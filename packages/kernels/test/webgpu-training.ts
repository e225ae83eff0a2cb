import {
  adamUpdate,
  embed,
  fastWeightsScan,
  linear,
  type MemoryForm,
  softmaxCrossEntropy,
} from '@fastweights/core';
import {
  backend,
  dispose,
  reshape,
  type Scalar,
  slice,
  squeeze,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
  valueAndGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { placed } from './webgpu-compare.ts';
import { draw } from './webgpu-scan-cases.ts';

export interface Sizes {
  readonly batchSize: number;
  readonly steps: number;
  readonly units: number;
}

/** What a training step costs. */
export interface Cost {
  readonly losses: readonly number[];
  /** Of one step, after the first. */
  readonly dispatches: number;
  readonly milliseconds: number;
  /** What tfjs's pool holds in the end; it never shrinks. */
  readonly poolBytes: number;
}

/** The associative retrieval model of @fastweights/experiments in ops of core, and Adam, on the active backend. */
export async function trainRetrieval(
  { batchSize, steps, units }: Sizes,
  memory: MemoryForm,
  updates = 3,
): Promise<Cost> {
  const shapes: Readonly<Record<string, readonly number[]>> = {
    embedding: [37, 50],
    projection: [50, 100],
    projectionBias: [100],
    kernel: [100, units],
    kernelBias: [units],
    recurrentKernel: [units, units],
    gain: [units],
    bias: [units],
    hidden: [units, 100],
    hiddenBias: [100],
    output: [100, 10],
    outputBias: [10],
  };
  const names = Object.keys(shapes);
  let weights = names.map((name) => placed(draw(name, shapes[name] as number[], 0.2)));
  const total = weights.reduce((sum, { size }) => sum + size, 0);
  let moments = { mean: zeros([total]) as Tensor1D, square: zeros([total]) as Tensor1D };
  const ids = (shape: number[], end: number): Tensor => {
    const values = Int32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      (_, i) => (i * i + 5 * i) % end,
    );
    return tensor(values, shape, 'int32');
  };
  const [inputs, labels] = [ids([batchSize, steps], 37), ids([batchSize], 10) as Tensor1D];

  const loss = (...args: Tensor[]): Scalar => {
    const w = Object.fromEntries(names.map((name, i) => [name, args[i]])) as Record<string, Tensor>;
    const apply = (x: Tensor, kernel: string, bias: string, relu = false): Tensor2D =>
      linear(x as Tensor2D, w[kernel] as Tensor2D, w[bias] as Tensor1D, relu ? 'relu' : 'linear');
    const vocabulary = apply(w['embedding'] as Tensor, 'projection', 'projectionBias');
    const driven = embed(inputs, apply(vocabulary, 'kernel', 'kernelBias'));
    const hidden = fastWeightsScan(
      {
        drive: reshape(driven, [batchSize, steps, units]) as Tensor3D,
        recurrentKernel: w['recurrentKernel'] as Tensor2D,
        gain: w['gain'] as Tensor1D,
        bias: w['bias'] as Tensor1D,
      },
      {
        decayRate: 0.9,
        learningRate: 0.5,
        innerSteps: 1,
        layerNorm: ['inner'],
        settling: 'sustained',
        memory,
      },
    );
    const last = squeeze(slice(hidden, [0, steps - 1, 0], [batchSize, 1, units]), [1]);
    const head = apply(last, 'hidden', 'hiddenBias', true);
    return softmaxCrossEntropy(apply(head, 'output', 'outputBias'), labels);
  };

  const losses: number[] = [];
  let [dispatches, milliseconds] = [0, 0];
  for (let updated = 1; updated <= updates; updated++) {
    const start = performance.now();
    const { value, next } = counting((count) => {
      const results = tidy(() => {
        const { value, grads } = valueAndGrads(loss)(weights);
        let offset = 0;
        const steps = weights.map((weight, i) => {
          const step = { weight, gradient: grads[i] as Tensor, offset };
          offset += weight.size;
          return step;
        });
        const attrs = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
        return { value, next: adamUpdate(steps, moments, { ...attrs, updates: updated }) };
      });
      dispatches = count();
      return results;
    });
    dispose([...weights, ...Object.values(moments)]);
    weights = next.weights;
    moments = { mean: next.mean, square: next.square };
    losses.push((await value.data<'float32'>())[0] as number);
    milliseconds = performance.now() - start;
    value.dispose();
  }
  const { bufferManager } = backend() as unknown as {
    readonly bufferManager: { readonly numBytesAllocated: number };
  };
  const cost = { losses, dispatches, milliseconds, poolBytes: bufferManager.numBytesAllocated };
  dispose([...weights, ...Object.values(moments), inputs, labels]);
  return cost;
}

/** Counts the dispatches that are encoded meanwhile. */
function counting<T>(run: (count: () => number) => T): T {
  const { prototype } = GPUComputePassEncoder;
  const original = prototype.dispatchWorkgroups;
  let dispatches = 0;
  prototype.dispatchWorkgroups = function (...args) {
    dispatches++;
    return original.apply(this, args);
  };
  try {
    return run(() => dispatches);
  } finally {
    prototype.dispatchWorkgroups = original;
  }
}
