import type { PlannedRun } from '@fastweights/experiments';

type Measured = readonly (readonly [units: number, cost: number])[];

/**
 * What an update costs beside other updates: milliseconds of one core, by the fused kernels on wasm. They tell how long a
 * run may take once another one has been timed; by themselves they say nothing.
 */
const costs: Readonly<Record<string, Readonly<Record<string, Measured>>>> = {
  retrieval: {
    irnn: [
      [20, 0.6],
      [50, 1.5],
      [100, 3.5],
    ],
    lstm: [
      [20, 1.6],
      [50, 5],
      [100, 14],
    ],
    'a-lstm': [
      [20, 5.5],
      [50, 22],
      [100, 50],
    ],
    'fast-weights': [
      [20, 0.6],
      [50, 1.5],
      [100, 3.5],
    ],
  },
  mnist: {
    irnn: [
      [50, 5],
      [100, 17],
      [200, 43],
    ],
    lstm: [
      [50, 26],
      [100, 61],
      [200, 112],
    ],
    'conv-net': [
      [50, 11],
      [100, 39],
      [200, 101],
    ],
    'fast-weights': [
      [50, 6.5],
      [100, 31],
      [200, 66],
    ],
  },
  faces: {
    irnn: [[200, 86]],
    lstm: [[200, 340]],
    'conv-net': [[200, 309]],
    'fast-weights': [[200, 89]],
  },
};

/** The cost of an update of this run, in no unit. */
export function updateCost({ config, model, units }: PlannedRun): number {
  const measured = costs[config.task]?.[model] ?? [];
  return measured.find(([size]) => size === units)?.[1] ?? units;
}

/** The cost of all that a run may do. */
export const runCost = (run: PlannedRun): number =>
  updateCost(run) * run.config.training.maxUpdates;
