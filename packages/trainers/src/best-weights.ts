import { loadWeights, saveWeights, type Weights } from '@fastweights/core';
import { DivergedError } from './diverged-error.ts';
import { firstNotFinite } from './finite.ts';
import type { BestFound } from './training-lost-error.ts';
import type { BestWeights } from './training-state.ts';

export interface BestWeightsKeeper {
  /** Keeps the weights as they are now if they err less than all before, or as little with less loss. */
  offer(found: BestFound): Promise<void>;
  /** Puts the best ones in place. */
  restore(): void;
  found(): BestWeights;
}

/** Keeps the weights that are best on the validation set, out of the device's reach. */
export async function bestWeights(
  weights: Weights,
  before?: BestWeights,
): Promise<BestWeightsKeeper> {
  let best = before ?? {
    validationError: Number.POSITIVE_INFINITY,
    validationLoss: Number.POSITIVE_INFINITY,
    update: 0,
    weights: await finiteWeights(weights, 0),
  };
  return {
    async offer(found) {
      if (!isBetter(found, best)) return;
      best = { ...found, weights: await finiteWeights(weights, found.update) };
    },
    restore: () => loadWeights(weights, best.weights),
    found: () => best,
  };
}

const isBetter = (a: BestFound, b: BestFound): boolean =>
  a.validationError < b.validationError ||
  (a.validationError === b.validationError && a.validationLoss < b.validationLoss);

/**
 * The weights as bytes. Those that are no numbers could not be put back, and would hide what went wrong.
 *
 * @throws DivergedError
 */
export async function finiteWeights(weights: Weights, update: number): Promise<Uint8Array> {
  const bytes = await saveWeights(weights);
  const path = firstNotFinite(bytes);
  if (path !== undefined) throw new DivergedError({ update, what: 'weight', path });
  return bytes;
}
