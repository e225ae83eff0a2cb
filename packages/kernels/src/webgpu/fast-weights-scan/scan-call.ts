import type { FastWeightsScanAttrs } from '@fastweights/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { activeLimits, sizeOf } from '../backend.ts';
import { type Attrs, type Inputs, present, required } from '../kernel.ts';
import { threadsFor } from '../workgroups.ts';
import { type Plan, planFor, planStride } from './plan.ts';

/** What a call of the scan is made of, as both directions need it. */
export interface ScanCall {
  readonly batchSize: number;
  readonly steps: number;
  readonly units: number;
  readonly plan: Plan;
  readonly attrs: FastWeightsScanAttrs;
  /** Tells apart what the shaders are generated from. */
  readonly variant: Variant;
  /** What both directions read of the inputs. */
  readonly reads: Readonly<Record<string, TensorInfo>>;
  /** Uniforms. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly factors: Readonly<Record<string, number>>;
}

export interface Variant {
  readonly units: number;
  readonly innerSteps: number;
  readonly threads: number;
  readonly sustained: boolean;
  readonly inner: boolean;
  readonly preliminary: boolean;
  readonly plain: boolean;
  /** Whether some step takes the integration kernel. */
  readonly integrates: boolean;
  readonly hasState: boolean;
  /** What stands for A: what was written is attended to, besides a first matrix or first writes; or a slow matrix. */
  readonly writes: boolean;
  readonly hasMatrix: boolean;
  readonly hasPast: boolean;
  readonly innerKernel: boolean;
  /** Whether the backward pass is given kernels transposed. */
  readonly transposed: boolean;
}

/**
 * With more units than this, neighbouring threads must read neighbouring numbers, in the backward pass too; with fewer, a
 * kernel fits the first cache, and a dispatch to transpose it costs more than it gains.
 */
const UNTRANSPOSED = 64;

export function scanCall(inputs: Inputs, given: Attrs): ScanCall {
  const attrs = given as unknown as FastWeightsScanAttrs;
  const [batchSize, steps, units] = required(inputs, 'drive').shape as [number, number, number];
  const plan = planFor(attrs.control, steps, attrs.decayRate);
  const { layerNorm: places } = attrs;
  const innerKernel = inputs['innerKernel'] !== undefined;
  // An empty past cannot be bound, and has nothing to say.
  const pastWrites = (!innerKernel && inputs['past']?.shape[0]) || 0;
  const hasMatrix = !innerKernel && inputs['A'] !== undefined;
  const variant: Variant = {
    units,
    innerSteps: attrs.innerSteps,
    threads: threadsFor(units, activeLimits()),
    sustained: attrs.settling === 'sustained',
    inner: places.includes('inner'),
    preliminary: places.includes('preliminary'),
    plain: places.includes('plain'),
    integrates: plan.integrates,
    hasState: inputs['h'] !== undefined,
    writes: !innerKernel && (attrs.learningRate !== 0 || pastWrites > 0 || hasMatrix),
    hasMatrix,
    hasPast: pastWrites > 0,
    innerKernel,
    transposed: units > UNTRANSPOSED,
  };
  const names = [
    'recurrentKernel',
    ...(variant.integrates ? ['integrationKernel'] : []),
    ...(places.length > 0 ? ['gain', 'bias'] : []),
    ...(innerKernel ? ['innerKernel'] : []),
    ...(hasMatrix ? ['A'] : []),
    ...(variant.hasPast ? ['past', 'weights'] : []),
  ];
  return {
    batchSize,
    steps,
    units,
    plan,
    attrs,
    variant,
    reads: present(inputs, names),
    sizes: {
      B: batchSize,
      T: steps,
      rowStride: plan.rows > 1 ? planStride(steps) : 0,
      powers: plan.rows * planStride(steps),
      pastWrites,
      window: attrs.window ?? 0xffffffff,
    },
    factors: { eta: attrs.learningRate },
  };
}

export const variantKey = (variant: Variant): string => Object.values(variant).map(Number).join();

/** h_0 … h_S of each step as they were before gain, bias and f; and 1/σ where layer norm has divided by it. */
export const keptShape = ({ batchSize, steps, units, attrs }: ScanCall): number[] => [
  batchSize,
  steps,
  attrs.innerSteps + 1,
  units + 1,
];

/** Whether the device can hold what a call needs; a kernel that is asked for all the same would compute nothing. */
export function supportsScan(inputs: Inputs, attrs: Attrs): boolean {
  const limits = activeLimits();
  const call = scanCall(inputs, attrs);
  const { batchSize, units, variant } = call;
  // Two vectors of units, and per thread a slot, two scores and a pair of sums: the backward shader's.
  const workgroupNumbers = 2 * units + 5 * variant.threads + 64;
  // Both directions may have to copy all that they read into one binding, and all that they write.
  const largest =
    sizeOf({ shape: keptShape(call) }) +
    Object.values(inputs).reduce((sum, input) => sum + (input ? sizeOf(input) : 0), 0);
  return (
    // A product of its own for each sample's matrix is one workgroup deep.
    batchSize <= 65535 &&
    4 * workgroupNumbers <= limits.maxComputeWorkgroupStorageSize &&
    4 * largest <= limits.maxStorageBufferBindingSize
  );
}
