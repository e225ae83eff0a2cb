import { permutation, random, splitSeed } from '@fastweights/core';
import type { ImageSet } from '@fastweights/datasets';
import type { PixelStatistics, Split } from './loaded-data.ts';

export interface ImageFacts {
  readonly classes: readonly string[];
  readonly splits: readonly Split[];
  readonly pixels: PixelStatistics;
}

export interface ImageFactsOptions {
  readonly seed: number;
  /** Images to look at for mean and deviation, at most. */
  readonly sample: number;
}

/** Counts of all splits, and the statistics of the first one that has images; these come back too. */
export async function imageFacts(
  sets: Readonly<Record<string, ImageSet>>,
  options: ImageFactsOptions,
): Promise<{ readonly facts: ImageFacts; readonly images: ImageSet }> {
  const splits = Object.entries(sets).map(([name, set]) => splitOf(name, set));
  const [split, images] = Object.entries(sets).find(([, { size }]) => size > 0) as [
    string,
    ImageSet,
  ];
  const indices = sampleOf(images.size, options);
  const { side, classes } = images;
  const { mean, deviation } = statistics(await images.read(indices));
  const pixels = { side, mean, deviation, sample: indices.length, split };
  return { facts: { classes, splits, pixels }, images };
}

function splitOf(name: string, { size, labels, classes }: ImageSet): Split {
  return { name, size, counts: countClasses(labels, classes.length) };
}

export function countClasses(labels: ArrayLike<number>, classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

/** Drawn, and not every so-many-th: lights and cameras take turns. */
function sampleOf(size: number, { seed, sample }: ImageFactsOptions): Uint32Array {
  if (size <= sample) return Uint32Array.from({ length: size }, (_, i) => i);
  const order = permutation(random(splitSeed(seed, 'sample')), size);
  return order.subarray(0, sample).toSorted();
}

function statistics(pixels: Uint8Array): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0];
  for (const grey of pixels) {
    sum += grey;
    squares += grey * grey;
  }
  const mean = sum / pixels.length;
  const variance = Math.max(0, squares / pixels.length - mean * mean);
  return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 };
}
