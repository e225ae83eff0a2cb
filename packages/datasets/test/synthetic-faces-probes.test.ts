import { permutation, random } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { type FaceSet, syntheticFaces } from '../src/index.ts';
import { type Rows, softmaxRegression } from './softmax-regression.ts';

// The full probes, with a ConvNet, are `bench/src/face-probes.ts`.

const AREA = 48 * 48;
const { training, validation, test } = syntheticFaces();

/** Three lights of each of some scenes: posing a scene takes most of the time. */
function some(set: FaceSet, scenes: number): Uint32Array {
  const chosen = permutation(random(11), set.size / 20).subarray(0, scenes);
  return Uint32Array.from({ length: 3 * scenes }, (_, i) => {
    const scene = Math.floor(i / 3);
    return 20 * (chosen[scene] as number) + 7 * (i % 3) + (scene % 6);
  });
}

const samples = [
  { set: training, indices: some(training, 1400) },
  { set: test, indices: some(test, 450) },
  { set: validation, indices: some(validation, 380) },
].map(({ set, indices }) => ({ set, indices, pixels: set.read(indices) }));

type Sample = (typeof samples)[number];

const labelsOf = ({ set, indices }: Sample): Uint8Array =>
  Uint8Array.from(indices, (index) => set.labels[index] as number);

function majority(sample: Sample): number {
  const labels = labelsOf(sample);
  return labels.filter((label) => label === 0).length / labels.length;
}

const pixelRows = (sample: Sample): Rows => ({
  values: Float32Array.from(sample.pixels, (grey) => (grey - 128) / 64),
  width: AREA,
  labels: labelsOf(sample),
});

/** Light, camera, mean and its square. */
function nuisanceRows(sample: Sample): Rows {
  const width = 25;
  const values = new Float32Array(sample.indices.length * width);
  sample.indices.forEach((index, row) => {
    const { light, yaw } = sample.set.describe(index);
    const image = sample.pixels.subarray(row * AREA, (row + 1) * AREA);
    const mean = (image.reduce((sum, grey) => sum + grey, 0) / AREA - 128) / 20;
    values[row * width + light] = 1;
    values[row * width + 20 + yaw / 15 + 1] = 1;
    values.set([mean, mean * mean], row * width + 23);
  });
  return { values, width, labels: labelsOf(sample) };
}

const [learned, ...unseen] = samples as [Sample, Sample, Sample];

describe('the expression of an unknown person', () => {
  it('does not follow from light, camera and mean intensity', () => {
    const options = { classes: 6, epochs: 12, rate: 0.02 };
    const best = softmaxRegression(nuisanceRows(learned), unseen.map(nuisanceRows), options);
    unseen.forEach((sample, i) => {
      expect(best[i]).toBeGreaterThan(majority(sample) - 0.02);
      expect(best[i]).toBeLessThan(majority(sample) + 0.02);
    });
  });

  it('follows from the pixels by a linear model in part only', () => {
    const options = { classes: 6, epochs: 8, rate: 0.001 };
    const best = softmaxRegression(pixelRows(learned), unseen.map(pixelRows), options);
    unseen.forEach((sample, i) => {
      expect(best[i]).toBeGreaterThan(majority(sample) + 0.05);
      expect(best[i]).toBeLessThan(0.75);
    });
  });
});
