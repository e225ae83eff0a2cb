import type { Limits } from './backend.ts';

/** Threads of a workgroup that computes one sample: one for each unit, as far as that goes. */
export function threadsFor(units: number, limits: Limits): number {
  const most = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  return Math.min(256, most, Math.ceil(units / 32) * 32);
}

/** One workgroup for each sample; a dimension of a dispatch has at most 65535. */
export function workgroupPerSample(batchSize: number): [x: number, y: number] {
  const x = Math.min(batchSize, 65535);
  return [x, Math.ceil(batchSize / x)];
}
