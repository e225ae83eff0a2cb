import type { FusedKernel } from '@fastweights/core';
import { webgpuKernel } from '../kernel.ts';
import { scanGradient } from './backward.ts';
import { scan } from './forward.ts';
import { supportsScan } from './scan-call.ts';

export const fastWeightsScanKernels: readonly FusedKernel[] = [
  webgpuKernel('FastWeightsScan', scan, supportsScan),
  webgpuKernel('FastWeightsScanGrad', scanGradient),
];
