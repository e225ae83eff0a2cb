import {
  loadWeights,
  readSafetensors,
  type Weights,
  WeightsError,
  walkWeights,
} from '@fastweights/core';
import { type AnyConfig, modelNames, parseAnyConfig } from '../config/config.ts';
import type { TrainedModel } from '../model-file.ts';
import { ModelFileError } from '../model-file-error.ts';

interface Prepared {
  readonly weights: Weights;
  dispose(): void;
}

/**
 * Gives weights the numbers that were trained; `prepare` makes those of a config.
 *
 * @throws ModelFileError where they are another model's, or no numbers
 */
export function loadTrained<Config extends AnyConfig>(
  into: Weights,
  { config, weights }: TrainedModel<Config>,
  prepare: (config: Config) => Prepared,
): void {
  try {
    loadWeights(into, weights);
  } catch (cause) {
    if (!(cause instanceof WeightsError)) throw cause;
    const odd = firstNotFinite(weights);
    if (odd !== undefined) {
      const message = `The weight ${odd.path} holds ${odd.value}: whatever the model answered would be wrong.`;
      throw new ModelFileError('damaged', message, { cause });
    }
    const { kind, units } = config.model;
    const message = `The weights are not those of the model, ${kind} with ${units} units. ${cause.message}`;
    const nearest = kindThatFits(config, weights, prepare);
    throw new ModelFileError('other-model', message, { cause, nearest });
  }
}

/** Another kind of model, of the same task and size, that has just these weights. */
function kindThatFits<Config extends AnyConfig>(
  config: Config,
  weights: Uint8Array,
  prepare: (config: Config) => Prepared,
): string | undefined {
  const { task, data, seed, model } = config;
  const found = shapesIn(weights);
  return modelNames(task)
    .filter((kind) => kind !== model.kind)
    .find((kind) => {
      try {
        const { units, ...rest } = model;
        const hidden = 'hidden' in rest && { hidden: rest.hidden };
        const other = { task, data, seed, model: { kind, units, ...hidden } };
        return shapesOf(prepare(parseAnyConfig(other) as Config)) === found;
      } catch {
        return false;
      }
    });
}

function shapesOf({ weights, dispose }: Prepared): string {
  const shapes = [...walkWeights(weights)].map(([path, { shape }]) => `${path} ${shape}`);
  dispose();
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
