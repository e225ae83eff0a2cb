import type { FusedKernel } from '@fastweights/core';
import { compile } from './module.ts';

/** The fused kernels of the backends `wasm` and `cpu`: one module of SIMD code serves both. */
export async function wasmKernels(): Promise<readonly FusedKernel[]> {
  await compile();
  return [];
}
