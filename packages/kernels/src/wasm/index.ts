import type { FusedKernel } from '@fastweights/core';
import { adamUpdateKernels } from './adam-update.ts';
import { associativeLstmScanKernels } from './associative-lstm-scan.ts';
import { embedKernels } from './embed.ts';
import { fastWeightsScanKernels } from './fast-weights-scan.ts';
import { linearKernels } from './linear.ts';
import { lstmScanKernels } from './lstm-scan.ts';
import { compile } from './module.ts';
import { rmsPropUpdateKernels } from './rms-prop-update.ts';
import { softmaxCrossEntropyKernels } from './softmax-cross-entropy.ts';

/** The fused kernels of the backends `wasm` and `cpu`: one module of SIMD code serves both. */
export async function wasmKernels(): Promise<readonly FusedKernel[]> {
  const module = await compile();
  return [
    ...fastWeightsScanKernels(module),
    ...lstmScanKernels(module),
    ...associativeLstmScanKernels(module),
    ...linearKernels(module),
    ...embedKernels(module),
    ...softmaxCrossEntropyKernels(module),
    ...adamUpdateKernels(module),
    ...rmsPropUpdateKernels(module),
  ];
}
