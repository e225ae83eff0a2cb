import type { FusedKernel } from '@fastweights/core';

/** The fused kernels of the backend `webgpu`. */
export const webgpuKernels: readonly FusedKernel[] = [];
