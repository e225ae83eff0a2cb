import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from '../backend.ts';
import { dispatch } from '../dispatch.ts';
import { elementwise } from '../elementwise.ts';
import { type Inputs, required, type Work } from '../kernel.ts';
import { copied, uninitialised, zeroed } from '../tensors.ts';
import { workgroupPerSample } from '../workgroups.ts';
import { backwardSource } from './backward-shader.ts';
import { memoryGradient } from './memory-gradient.ts';
import { type ScanCall, scanCall, variantKey } from './scan-call.ts';
import { summedGradients } from './sums.ts';

/** The order in which the op wants its gradients. */
const DIFFERENTIABLE = [
  'drive',
  'recurrentKernel',
  'integrationKernel',
  'innerKernel',
  'gain',
  'bias',
  'h',
  'A',
  'past',
  'weights',
] as const;

export const scanGradient: Work = (backend, inputs, attrs) => {
  const call = scanCall(inputs, attrs);
  const through = throughTime(backend, inputs, call);
  const found: Record<string, TensorInfo | undefined> = {
    drive: through['driveGradient'],
    h: through['stateGradient'],
    past: through['pastGradient'],
    weights: through['weightsGradient'],
    ...summedGradients(backend, inputs, call, through),
  };
  const recalled = through['recalledGradient'];
  if (recalled) {
    const name = call.variant.innerKernel ? 'innerKernel' : 'A';
    found[name] = memoryGradient(backend, inputs, call, recalled);
  }
  for (const name of SCRATCH) {
    const scratch = through[name];
    if (scratch) backend.disposeData(scratch.dataId);
  }
  // What the scan did not use, such as the gain without a layer norm, has a gradient of zeros.
  return DIFFERENTIABLE.filter((name) => inputs[name]).map(
    (name) => found[name] ?? zeroed(backend, required(inputs, name).shape),
  );
};

const SCRATCH = ['boundaryGradient', 'recalledGradient', 'normGradient'];

/** The pass backwards through time: everything but the sums over the batch. */
function throughTime(
  backend: WebGpuBackend,
  inputs: Inputs,
  call: ScanCall,
): Readonly<Record<string, TensorInfo>> {
  const { batchSize, steps, units, plan, variant, reads, sizes, factors } = call;
  const results = {
    // Elsewhere it is that of the drive.
    boundary: variant.integrates && variant.sustained,
    recalled: (variant.hasMatrix || variant.innerKernel) && variant.innerSteps > 0,
  };
  const hasNorm = variant.inner || variant.preliminary || variant.plain;
  const like = (name: string): TensorInfo => zeroed(backend, required(inputs, name).shape);
  const writes: Record<string, TensorInfo> = {
    driveGradient: copied(backend, required(inputs, 'dy')),
  };
  if (results.boundary) {
    writes['boundaryGradient'] = uninitialised(backend, [batchSize, steps, units]);
  }
  if (results.recalled) {
    const shape = [batchSize, steps, variant.innerSteps, units];
    writes['recalledGradient'] = uninitialised(backend, shape);
  }
  if (hasNorm) writes['normGradient'] = uninitialised(backend, [batchSize, 2, units]);
  if (variant.hasState) writes['stateGradient'] = uninitialised(backend, [batchSize, units]);
  if (variant.hasPast) {
    writes['pastGradient'] = like('past');
    writes['weightsGradient'] = like('weights');
  }
  const transposed: Record<string, TensorInfo> = {};
  for (const name of variant.transposed ? KERNELS : []) {
    const kernel = reads[name];
    if (kernel) transposed[name] = transposedOf(backend, kernel);
  }
  dispatch(backend, {
    name: `FastWeightsScanGrad ${variantKey(variant)}`,
    tables: { plan: plan.numbers },
    reads: {
      kept: required(inputs, 'kept'),
      ...(variant.writes && { y: required(inputs, 'y') }),
      ...reads,
      ...transposed,
    },
    writes,
    sizes,
    factors,
    workgroups: workgroupPerSample(batchSize),
    code: () => backwardSource(variant, results),
  });
  for (const { dataId } of Object.values(transposed)) backend.disposeData(dataId);
  return writes;
}

const KERNELS = ['recurrentKernel', 'integrationKernel', 'innerKernel'];

function transposedOf(backend: WebGpuBackend, kernel: TensorInfo): TensorInfo {
  const [units] = kernel.shape as [number, number];
  const result = uninitialised(backend, kernel.shape);
  dispatch(
    backend,
    elementwise({
      name: 'transposition',
      reads: { kernel },
      writes: { result },
      sizes: { H: units },
      elements: units * units,
      code: () => 'fn compute(i: u32) { set_result(i, kernel((i % u.H) * u.H + i / u.H)); }',
    }),
  );
  return result;
}
