import { useBackend } from '@fastweights/backends';
import { saveWeights } from '@fastweights/core';
import {
  exportModel,
  parseConfig,
  prepareExperiment,
  restoreExperiment,
  trainingOptions,
} from '@fastweights/experiments';
import { evaluate, trainSupervised } from '@fastweights/trainers';
import { percent, rounded, shipWeights } from './ship-weights.ts';

// `pnpm --filter @fastweights/demo weights` trains the network of scenes 1 and 2: on wasm, the same bits every time.

/**
 * 32 units: few enough for a heat map that can be read, and enough to answer well. Seed 4, since it attends to
 * the pair that is asked for and little else: the networks of seeds 1 to 3 look elsewhere too, and are harder to read.
 */
const config = parseConfig({
  task: 'retrieval',
  model: { kind: 'fast-weights', units: 32 },
  training: { maxUpdates: 8000, validateEvery: 400 },
  seed: 4,
});

await useBackend({ prefer: 'wasm' });
const experiment = prepareExperiment(config);
await trainSupervised({
  model: experiment.model,
  optimizer: experiment.optimizer(),
  training: await experiment.data.training(),
  validation: await experiment.data.validation(),
  ...trainingOptions(config.training),
  onProgress: ({ update, validationError }) => {
    if (validationError !== undefined && update % 1200 === 0) {
      console.log(`${update} updates: ${percent(validationError)} wrong`);
    }
  },
});
// The best on the validation strings.
const weights = rounded(await saveWeights(experiment.model.weights));
const bytes = exportModel({ config, weights, software: 'apps/demo/scripts/train-weights.ts' });

const shipped = restoreExperiment({ config, weights });
const { error } = await evaluate(shipped.model, await shipped.data.test());
if (error >= 0.01) throw new Error(`${percent(error)} of the test strings are wrong: too many.`);
const size = await shipWeights('remember', bytes);
console.log(`remember: ${percent(error)} wrong, ${size} bytes on the page`);
