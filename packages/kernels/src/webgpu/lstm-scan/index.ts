import type { FusedKernel } from '@fastweights/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { activeLimits, sizeOf } from '../backend.ts';
import { dispatch } from '../dispatch.ts';
import { type Inputs, present, required, type Work, webgpuKernel } from '../kernel.ts';
import { product } from '../product.ts';
import { uninitialised } from '../tensors.ts';
import { threadsFor, workgroupPerSample } from '../workgroups.ts';
import { KEPT, type LstmVariant, lstmBackward, lstmForward } from './shaders.ts';

interface LstmCall {
  readonly batchSize: number;
  readonly steps: number;
  readonly variant: LstmVariant;
  /** What the generated code depends on. */
  readonly key: string;
  readonly sizes: Readonly<Record<string, number>>;
}

function lstmCall(inputs: Inputs): LstmCall {
  const [batchSize, steps] = required(inputs, 'drive').shape as [number, number];
  const units = required(inputs, 'recurrentKernel').shape[0] as number;
  const variant = {
    units,
    threads: threadsFor(units, activeLimits()),
    hasState: inputs['h'] !== undefined,
    hasCell: inputs['c'] !== undefined,
  };
  const key = Object.values(variant).map(Number).join();
  return { batchSize, steps, variant, key, sizes: { B: batchSize, T: steps } };
}

const lstmScan: Work = (backend, inputs, attrs) => {
  const { batchSize, steps, variant, key, sizes } = lstmCall(inputs);
  const { units } = variant;
  const keep = attrs['keep'] === true;
  const y = uninitialised(backend, [batchSize, steps + 1, units]);
  const kept = keep ? [uninitialised(backend, [batchSize, steps, KEPT, units])] : [];
  dispatch(backend, {
    name: `FastWeightsLstmScan ${key} ${keep}`,
    reads: present(inputs, ['drive', 'recurrentKernel', 'h', 'c']),
    writes: { y, ...(kept[0] && { kept: kept[0] }) },
    sizes,
    workgroups: workgroupPerSample(batchSize),
    code: () => lstmForward(variant, keep),
  });
  return [y, ...kept];
};

const lstmScanGradient: Work = (backend, inputs) => {
  const { batchSize, steps, variant, key, sizes } = lstmCall(inputs);
  const { units, hasState, hasCell } = variant;
  const writes: Record<string, TensorInfo> = {
    driveGradient: uninitialised(backend, [batchSize, steps, 4 * units]),
  };
  if (hasState) writes['stateGradient'] = uninitialised(backend, [batchSize, units]);
  if (hasCell) writes['cellGradient'] = uninitialised(backend, [batchSize, units]);
  dispatch(backend, {
    name: `FastWeightsLstmScanGrad ${key}`,
    reads: present(inputs, ['recurrentKernel', 'kept', 'dy', 'c']),
    writes,
    sizes,
    workgroups: workgroupPerSample(batchSize),
    code: () => lstmBackward(variant),
  });
  const kernel = uninitialised(backend, [units, 4 * units]);
  const driveGradient = writes['driveGradient'] as TensorInfo;
  dispatch(
    backend,
    product({
      name: 'FastWeightsLstmScanGrad kernel',
      reads: { driveGradient, ...present(inputs, ['y', 'h']) },
      writes: { result: kernel },
      sizes,
      extents: [{ m: units, n: 4 * units, k: batchSize * steps }],
      code: () => kernelGradientSource(hasState),
    }),
  );
  const { stateGradient, cellGradient } = writes;
  return [driveGradient, kernel, ...[stateGradient, cellGradient].filter((g) => g !== undefined)];
};

/** Σ h(t−1)ᵀ g(t) over all steps of all samples. */
const kernelGradientSource = (hasState: boolean): string => /* wgsl */ `
fn left(z: u32, m: u32, k: u32) -> f32 {
  let b = k / u.T;
  let t = k % u.T;
  if (t == 0u) { return ${hasState ? 'h(b * u.M0 + m)' : '0.0'}; }
  return y((b * (u.T + 1u) + t - 1u) * u.M0 + m);
}
fn right(z: u32, k: u32, n: u32) -> f32 { return driveGradient(k * u.N0 + n); }
fn store(z: u32, m: u32, n: u32, sum: f32) { set_result(m * u.N0 + n, sum); }
`;

function supportsLstm(inputs: Inputs): boolean {
  const limits = activeLimits();
  const { batchSize, steps, variant } = lstmCall(inputs);
  const kept = sizeOf({ shape: [batchSize, steps, KEPT, variant.units] });
  // Where bindings are short, all that is read shares one.
  const total = Object.values(inputs).reduce(
    (sum, input) => sum + (input ? sizeOf(input) : 0),
    kept,
  );
  return (
    16 * variant.units <= limits.maxComputeWorkgroupStorageSize &&
    4 * total <= limits.maxStorageBufferBindingSize
  );
}

export const lstmScanKernels: readonly FusedKernel[] = [
  webgpuKernel('FastWeightsLstmScan', lstmScan, supportsLstm),
  webgpuKernel('FastWeightsLstmScanGrad', lstmScanGradient),
];
