import type { FusedKernel } from '@fastweights/core';
import { embedKernels } from './embed.ts';
import { fastWeightsScanKernels } from './fast-weights-scan/index.ts';
import { linearKernels } from './linear.ts';
import { lstmScanKernels } from './lstm-scan/index.ts';
import { softmaxCrossEntropyKernels } from './softmax-cross-entropy.ts';
import { weightUpdateKernels } from './weight-updates.ts';

/** The fused kernels of the backend `webgpu`. */
export const webgpuKernels: readonly FusedKernel[] = [
  ...fastWeightsScanKernels,
  ...linearKernels,
  ...embedKernels,
  ...softmaxCrossEntropyKernels,
  ...weightUpdateKernels,
  ...lstmScanKernels,
];
