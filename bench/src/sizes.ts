import type { JobSizes } from './protocol.ts';

const paper = { batchSize: 128, time: 11, decayRate: 0.9, learningRate: 0.5, stepSize: 0.001 };

/** Associative retrieval at the paper's three sizes, and a longer sequence of the same model. */
export const sizes = {
  r20: { ...paper, units: 20 },
  r50: { ...paper, units: 50 },
  r100: { ...paper, units: 100 },
  t64: { ...paper, units: 100, batchSize: 32, time: 64 },
} satisfies Record<string, JobSizes>;

export type SizeName = keyof typeof sizes;

export function describeSize(name: SizeName): string {
  const { units, batchSize, time } = sizes[name];
  return `${name}: R = ${units}, B = ${batchSize}, T = ${time}`;
}
