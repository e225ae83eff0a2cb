import { loadWeights, readSafetensors, WeightsError, walkWeights } from '@fastweights/core';
import { type ExperimentConfig, modelNames, parseConfig } from '../config/config.ts';
import type { TrainedModel } from '../model-file.ts';
import { ModelFileError } from '../model-file-error.ts';
import type { Experiment } from './experiment.ts';
import type { ImageSources } from './image-sources.ts';
import { prepareExperiment } from './prepare-experiment.ts';

/**
 * An experiment whose model has these weights.
 *
 * @throws ModelFileError where they are another model's, or no numbers
 */
export function restoreExperiment(
  { config, weights }: TrainedModel,
  sources: ImageSources = {},
): Experiment {
  const experiment = prepareExperiment(config, sources);
  try {
    loadWeights(experiment.model.weights, weights);
    return experiment;
  } catch (cause) {
    experiment.dispose();
    if (!(cause instanceof WeightsError)) throw cause;
    const odd = firstNotFinite(weights);
    if (odd !== undefined) {
      const message = `The weight ${odd.path} holds ${odd.value}: whatever the model answered would be wrong.`;
      throw new ModelFileError('damaged', message, { cause });
    }
    const { kind, units } = config.model;
    const message = `The weights are not those of the model, ${kind} with ${units} units. ${cause.message}`;
    const nearest = kindThatFits(config, weights);
    throw new ModelFileError('other-model', message, { cause, nearest });
  }
}

/** Another kind of model, of the same task and size, that has just these weights. */
function kindThatFits(config: ExperimentConfig, weights: Uint8Array): string | undefined {
  const { task, data, seed, model } = config;
  const found = shapesIn(weights);
  return modelNames(task)
    .filter((kind) => kind !== model.kind)
    .find((kind) => {
      try {
        const other = { task, data, seed, model: { kind, units: model.units } };
        return shapesOf(parseConfig(other)) === found;
      } catch {
        return false;
      }
    });
}

function shapesOf(config: ExperimentConfig): string {
  const experiment = prepareExperiment(config);
  const shapes = [...walkWeights(experiment.model.weights)].map(
    ([path, { shape }]) => `${path} ${shape}`,
  );
  experiment.dispose();
  return shapes.sort().join();
}

function shapesIn(weights: Uint8Array): string | undefined {
  const shapes = [...tensorsIn(weights)].map(([path, { shape }]) => `${path} ${shape}`);
  return shapes.length > 0 ? shapes.sort().join() : undefined;
}

function firstNotFinite(weights: Uint8Array): { path: string; value: number } | undefined {
  for (const [path, { values }] of tensorsIn(weights)) {
    const value = values.find((number) => !Number.isFinite(number));
    if (value !== undefined) return { path, value };
  }
  return undefined;
}

/** None where the bytes are no weights. */
function tensorsIn(weights: Uint8Array): ReturnType<typeof readSafetensors>['tensors'] {
  try {
    return readSafetensors(weights).tensors;
  } catch {
    return new Map();
  }
}
