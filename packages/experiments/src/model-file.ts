import { readSafetensors, WeightsError, writeSafetensors } from '@fastweights/core';
import { type ExperimentConfig, parseConfig } from './config/config.ts';
import { canonicalJson } from './config/config-hash.ts';
import { ModelFileError } from './model-file-error.ts';

// A trained model as bytes: a safetensors file whose metadata say what its weights are of.

export interface TrainedModel {
  readonly config: ExperimentConfig;
  /** For `loadWeights`. */
  readonly weights: Uint8Array;
}

export interface ExportModelOptions extends TrainedModel {
  /** What trained it, such as `fastweights 1.0.0`. */
  readonly software?: string;
}

const FORMAT = 'fastweights model';
const VERSION = 1;

/**
 * One file that holds a trained model and its whole config, for `importModel`, and for whatever reads safetensors.
 *
 * @throws WeightsError where the weights are none
 */
export function exportModel({ config, weights, software }: ExportModelOptions): Uint8Array {
  const whole = parseConfig(config);
  return writeSafetensors(readSafetensors(weights).tensors, {
    format: FORMAT,
    version: String(VERSION),
    task: whole.task,
    model: whole.model.kind,
    config: canonicalJson(whole),
    ...(software !== undefined && { software }),
  });
}

/**
 * What `exportModel` was given. Whether the weights fit the config is seen by `restoreExperiment`.
 *
 * @throws ModelFileError, ConfigError
 */
export function importModel(bytes: Uint8Array): TrainedModel & { readonly software?: string } {
  const { tensors, metadata } = read(bytes);
  const { format, version, config, software } = metadata;
  if (format !== FORMAT || config === undefined) {
    throw new ModelFileError(
      'foreign',
      'The file holds weights, but does not say of which model: it was not written by `fastweights export`.',
    );
  }
  if (Number(version) > VERSION) {
    throw new ModelFileError(
      'newer',
      `The model was exported by a newer version of fastweights (version ${version} of the file; this one reads ${VERSION}). Update fastweights.`,
    );
  }
  return {
    config: parseConfig(parsed(config)),
    weights: writeSafetensors(tensors),
    ...(software !== undefined && { software }),
  };
}

function read(bytes: Uint8Array): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    if (!(cause instanceof WeightsError)) throw cause;
    const message = `${cause.message} Name one that \`fastweights export\` has written.`;
    throw new ModelFileError('foreign', message, { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = 'The config of the exported model is no JSON: export it again.';
    throw new ModelFileError('damaged', message, { cause });
  }
}
