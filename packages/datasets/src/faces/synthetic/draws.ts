import { type Random, uniform } from '@fastweights/core';

/**
 * Nearly normal: four uniform numbers, added and scaled, so never beyond 3.5 standard deviations.
 * `normal` of core is truly normal, but takes a logarithm and a cosine, which engines round differently.
 */
export function bell(random: Random, mean: number, deviation: number): number {
  let sum = -2;
  for (let i = 0; i < 4; i++) sum += uniform(random, 0, 1);
  return mean + deviation * sum * Math.sqrt(3);
}

/** The upper half of the bell around 0. */
export function halfBell(random: Random, deviation: number): number {
  return Math.max(0, bell(random, 0, deviation));
}

export function chance(random: Random, probability: number): boolean {
  return uniform(random, 0, 1) < probability;
}
