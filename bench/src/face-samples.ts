import { integer, permutation, type Random, random, splitSeed } from '@fastweights/core';
import type { FaceFacts, FaceSet } from '@fastweights/datasets';
import type { Examples } from './probe.ts';

/** Some images of a set, all read, with what is known of each. */
export interface Sample {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly facts: readonly FaceFacts[];
}

const LIGHTS = 20;
const CAMERAS = [-15, 0, 15];
const SHIFT = 2;

export async function sample(set: FaceSet, size: number, seed: number): Promise<Sample> {
  const order = permutation(random(splitSeed(seed, 'sample')), set.size);
  const indices = order.subarray(0, size).sort();
  const labels = Uint8Array.from(indices, (index) => set.labels[index] as number);
  const pixels = await set.read(indices);
  return { pixels, labels, facts: Array.from(indices, (index) => set.describe(index)) };
}

export const AREA: number = 48 * 48;
const centred = (grey: number): number => (grey - 128) / 64;

export function pixelExamples({ pixels, labels }: Sample): Examples {
  return {
    shape: [AREA],
    labels,
    write(example, row) {
      for (let i = 0; i < AREA; i++) row[i] = centred(pixels[example * AREA + i] as number);
    },
  };
}

/** As images, moved by up to two pixels while training. */
export function imageExamples({ pixels, labels }: Sample): Examples {
  return {
    shape: [48, 48, 1],
    labels,
    write(example, row, random) {
      const [dx, dy] = random ? [shift(random), shift(random)] : [0, 0];
      for (let y = 0; y < 48; y++) {
        const from = example * AREA + within(y + dy) * 48;
        for (let x = 0; x < 48; x++)
          row[48 * y + x] = centred(pixels[from + within(x + dx)] as number);
      }
    },
  };
}

const shift = (random: Random): number => integer(random, 2 * SHIFT + 1) - SHIFT;
const within = (place: number): number => Math.min(Math.max(place, 0), 47);

/** Light, camera, and the mean and spread of the intensity: nothing that should tell an expression. */
export function nuisanceExamples({ pixels, labels, facts }: Sample): Examples {
  return {
    shape: [LIGHTS + CAMERAS.length + 2],
    labels,
    write(example, row) {
      const { light, yaw } = facts[example] as FaceFacts;
      row.fill(0);
      row[light] = 1;
      row[LIGHTS + CAMERAS.indexOf(yaw)] = 1;
      const image = pixels.subarray(example * AREA, (example + 1) * AREA);
      const mean = image.reduce((sum, grey) => sum + grey, 0) / AREA;
      const variance = image.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / AREA;
      row.set([centred(mean), (Math.sqrt(variance) - 32) / 16], LIGHTS + CAMERAS.length);
    },
  };
}
