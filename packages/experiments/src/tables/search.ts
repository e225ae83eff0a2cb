import { integer, random, splitSeed, uniform } from '@fastweights/core';

/** What a number may be: anything between two, evenly or by its logarithm, or one of some. */
export type SearchRange =
  | { readonly kind: 'uniform' | 'log-uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: readonly number[] };

/** What is searched over, by the paths of settings, such as `training.stepSize`. */
export type SearchSpace = Readonly<Record<string, SearchRange>>;

export type DrawnSettings = Readonly<Record<string, number>>;

/**
 * One point of a space. Each setting has a stream of its own: two spaces that share a setting draw the same of it in the same
 * trial, whatever else they search over, so that models are compared at equal step sizes.
 *
 * Numbers have three digits: they can be read, and are the same wherever they are drawn.
 */
export function drawSettings(
  space: SearchSpace,
  { seed, trial }: { readonly seed: number; readonly trial: number },
): DrawnSettings {
  const draws = Object.entries(space).map(([path, range]): [string, number] => {
    const stream = random(splitSeed(seed, `${path} of trial ${trial}`));
    return [path, draw(stream, range)];
  });
  return Object.fromEntries(draws);
}

function draw(stream: ReturnType<typeof random>, range: SearchRange): number {
  if (range.kind === 'choice') return range.values[integer(stream, range.values.length)] as number;
  const { kind, low, high } = range;
  const value =
    kind === 'uniform'
      ? uniform(stream, low, high)
      : Math.exp(uniform(stream, Math.log(low), Math.log(high)));
  return Number(value.toPrecision(3));
}
