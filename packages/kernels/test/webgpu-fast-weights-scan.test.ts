import { pairwise } from '@fastweights/testing';
import { it } from 'vitest';
import { expectEqualToReference } from './webgpu-compare.ts';
import { describeWebGpu } from './webgpu-device.ts';
import { type ScanCase, scanCall } from './webgpu-scan-cases.ts';

const CASES: readonly ScanCase[] = pairwise({
  H: [1, 3, 7, 17, 50, 63, 100, 129],
  T: [1, 2, 11, 24],
  B: [1, 2, 15, 16, 17],
  S: [0, 1, 2, 3],
  norm: ['none', 'inner', 'all', 'other'],
  settling: ['sustained', 'free'],
  memory: ['attention', 'matrix'],
  state: ['none', 'h', 'memory'],
  control: ['always', 'glimpses', 'padded', 'own'],
  extra: ['none', 'window', 'inner', 'forgetful', 'lambda0'],
});

describeWebGpu('FastWeightsScan on webgpu equals the cpu reference', {}, () => {
  it.each(CASES.map((c) => [JSON.stringify(c), c] as const))('%s', async (_, c) => {
    await expectEqualToReference(scanCall(c));
  });
});
