import { writeSafetensors } from '@fastweights/core';
import type { OpenRunOptions } from '../src/runs/index.ts';
import type { TrainingState } from '../src/training-state.ts';

// What tests of runs have in common with processes that they start.

export const options: OpenRunOptions = {
  config: { task: 'retrieval', units: 20, note: 'ü' },
  hash: 'a'.repeat(64),
  create: true,
};

/** Weights in which every number says after which update they were. */
export const weightsOf = (update: number, size = 12): Uint8Array =>
  writeSafetensors(
    new Map([
      ['cell.kernel', { shape: [size / 4, 4], values: new Float32Array(size).fill(update) }],
      ['bias', { shape: [], values: Float32Array.of(-update / 3) }],
    ]),
  );

export const stateOf = (update: number, size?: number): TrainingState => ({
  update,
  position: { epoch: 1, example: 128 * update },
  weights: weightsOf(update, size),
  optimizer: weightsOf(update + 0.5, size),
  best: {
    validationError: 1 / update,
    validationLoss: 1 / update,
    update: update - 1,
    weights: weightsOf(-update, size),
  },
  losses: [0.1, 2 / 3, 1e-300],
});
