import { readSafetensors, WeightsError, writeSafetensors } from '@fastweights/core';
import {
  type AgentConfig,
  type AnyConfig,
  type ExperimentConfig,
  isAgentConfig,
  parseAnyConfig,
} from './config/config.ts';
import { canonicalJson } from './config/config-hash.ts';
import { crc32 } from './crc32.ts';
import { ModelFileError } from './model-file-error.ts';

// A trained model as bytes: a safetensors file whose metadata say what its weights are of.

export interface TrainedModel<Config extends AnyConfig = ExperimentConfig> {
  readonly config: Config;
  /** For `loadWeights`. */
  readonly weights: Uint8Array;
}

export type TrainedAgent = TrainedModel<AgentConfig>;

export interface ExportModelOptions extends TrainedModel<AnyConfig> {
  /** What trained it, such as `fastweights 1.0.0`. */
  readonly software?: string;
}

const FORMAT = 'fastweights model';
const VERSION = 1;

type Contents = ReturnType<typeof readSafetensors>;

/**
 * One file that holds a trained model or agent and its whole config, for `importModel` or `importAgent`, and for whatever
 * reads safetensors.
 *
 * @throws WeightsError where the weights are none
 */
export function exportModel({ config, weights, software }: ExportModelOptions): Uint8Array {
  const whole = parseAnyConfig(config);
  const { tensors } = readSafetensors(weights);
  const metadata = {
    format: FORMAT,
    version: String(VERSION),
    task: whole.task,
    model: whole.model.kind,
    config: canonicalJson(whole),
    ...(software !== undefined && { software }),
  };
  return writeSafetensors(tensors, { ...metadata, checksum: checksumOf(tensors, metadata) });
}

/** Of every name, shape, number and text, in an order of its own: whoever writes the file again may choose another. */
function checksumOf(tensors: Contents['tensors'], metadata: Contents['metadata']): string {
  const byName = <T>([a]: [string, T], [b]: [string, T]): number => (a < b ? -1 : 1);
  const texts = Object.entries(metadata).sort(byName);
  const bytes = writeSafetensors(new Map([...tensors].sort(byName)), Object.fromEntries(texts));
  return crc32(bytes).toString(16).padStart(8, '0');
}

/**
 * What `exportModel` was given. Whether the weights fit the config is seen by `restoreExperiment`.
 *
 * @throws ModelFileError, ConfigError
 */
export function importModel(bytes: Uint8Array): TrainedModel & Origin {
  const { config, ...rest } = importAny(bytes);
  if (!isAgentConfig(config)) return { config, ...rest };
  throw new ModelFileError(
    'other-task',
    `The file holds an agent that plays ${config.task}: it can be watched (\`fastweights watch\`), and has no test set.`,
  );
}

/**
 * The same for an agent; `restoreAgent` sees whether the weights fit.
 *
 * @throws ModelFileError, ConfigError
 */
export function importAgent(bytes: Uint8Array): TrainedAgent & Origin {
  const { config, ...rest } = importAny(bytes);
  if (isAgentConfig(config)) return { config, ...rest };
  throw new ModelFileError(
    'other-task',
    `The file holds a model of ${config.task}, which cannot play: it can be tested (\`fastweights evaluate\`).`,
  );
}

interface Origin {
  readonly software?: string;
}

function importAny(bytes: Uint8Array): TrainedModel<AnyConfig> & Origin {
  const contents = read(bytes);
  const { tensors, metadata } = contents;
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
  checkWhole(contents);
  return {
    config: parseAnyConfig(parsed(config)),
    weights: writeSafetensors(tensors),
    ...(software !== undefined && { software }),
  };
}

function read(bytes: Uint8Array): Contents {
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    if (!(cause instanceof WeightsError)) throw cause;
    const message = `${cause.message} Name one that \`fastweights export\` has written.`;
    throw new ModelFileError('foreign', message, { cause });
  }
}

function checkWhole({ tensors, metadata }: Contents): void {
  const { checksum, ...others } = metadata;
  if (checksum === checksumOf(tensors, others)) return;
  const what =
    checksum === undefined
      ? 'The exported model has no checksum, so that nothing tells whether it is whole'
      : 'The exported model is not as it was written: its checksum is that of other bytes';
  throw new ModelFileError('damaged', `${what}. Export it again.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = 'The config of the exported model is no JSON: export it again.';
    throw new ModelFileError('damaged', message, { cause });
  }
}
