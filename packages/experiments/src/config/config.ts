import { z } from 'zod';
import { type CatchExperiment, catchSchemas } from './catch-config.ts';
import { ConfigError, checkWord, show } from './config-error.ts';
import { checkContradictions } from './contradictions.ts';
import { type Field, fieldsOf } from './fields.ts';
import {
  type FacesExperiment,
  facesSchemas,
  type MnistExperiment,
  mnistSchemas,
} from './image-configs.ts';
import { nearest } from './nearest.ts';
import { type RetrievalExperiment, retrievalSchemas } from './retrieval-config.ts';
import { group, name, seedSetting } from './setting.ts';
import type { TaskSchemas } from './task-schemas.ts';

/** Everything that a supervised experiment follows from. */
export type ExperimentConfig = RetrievalExperiment | MnistExperiment | FacesExperiment;

/** Everything that the training of an agent follows from. */
export type AgentConfig = CatchExperiment;

/** What a file may say. */
export type AnyConfig = ExperimentConfig | AgentConfig;

export type TaskName = ExperimentConfig['task'];

export type AgentTaskName = AgentConfig['task'];

export type AnyTaskName = AnyConfig['task'];

/** Another number where a config of the old version means something else, or cannot be read. */
export const CONFIG_VERSION = 1;

const supervised: Readonly<Record<TaskName, TaskSchemas>> = {
  retrieval: retrievalSchemas,
  mnist: mnistSchemas,
  faces: facesSchemas,
};

const agents: Readonly<Record<AgentTaskName, TaskSchemas>> = { catch: catchSchemas };

const tasks: Readonly<Record<AnyTaskName, TaskSchemas>> = { ...supervised, ...agents };

export const taskNames: readonly TaskName[] = Object.keys(supervised) as TaskName[];

export const agentTaskNames: readonly AgentTaskName[] = Object.keys(agents) as AgentTaskName[];

export const anyTaskNames: readonly AnyTaskName[] = [...taskNames, ...agentTaskNames];

/** What decides which settings there are. */
export interface ConfigKind {
  readonly task: AnyTaskName;
  /** Default: the first one of the task. */
  readonly source?: string;
  /** Default `fast-weights`. */
  readonly model?: string;
}

/** The kinds of models of a task. */
export const modelNames = (task: AnyTaskName): string[] => Object.keys(tasks[task].models);

/** Where the data of a task may come from. */
export const sourceNames = (task: AnyTaskName): string[] => Object.keys(tasks[task].sources);

/** Every setting of such a config: path, description, default and what it may be. */
export const configFields = (kind: ConfigKind): Field[] => fieldsOf(schemaOf(kind));

/**
 * The whole config that a part of one stands for: what is missing has its default, and nothing is there that is unknown.
 *
 * @example
 * const config = parseConfig({ task: 'retrieval', model: { kind: 'lstm', units: 100 } });
 * @throws ConfigError
 */
export const parseConfig = (value: unknown): ExperimentConfig =>
  parse(value, taskNames) as ExperimentConfig;

/**
 * The same for an agent.
 *
 * @example
 * const config = parseAgentConfig({ data: { size: 24, visibleFrames: 5 }, model: { kind: 'lstm' } });
 * @throws ConfigError
 */
export const parseAgentConfig = (value: unknown): AgentConfig =>
  parse(value, agentTaskNames) as AgentConfig;

/**
 * The same for a config that may be of either kind, such as one from a file.
 *
 * @throws ConfigError
 */
export const parseAnyConfig = (value: unknown): AnyConfig => parse(value, anyTaskNames);

export const isAgentConfig = (config: AnyConfig): config is AgentConfig =>
  (agentTaskNames as readonly string[]).includes(config.task);

/** The first one of the tasks is what is meant where none is named. */
function parse(value: unknown, tasks: readonly AnyTaskName[]): AnyConfig {
  const parts = recordAt('', value);
  checkVersion(parts['version']);
  const kind = kindOf(parts, tasks);
  const parsed = schemaOf(kind).safeParse(parts);
  if (!parsed.success) throw faultOf(kind, parts, parsed.error.issues[0] as z.core.$ZodIssue);
  const config = parsed.data as AnyConfig;
  checkContradictions(config);
  return config;
}

/** Which settings a config has, found before any of them is looked at. */
export function kindOf(
  parts: Readonly<Record<string, unknown>>,
  tasks: readonly AnyTaskName[] = anyTaskNames,
): Required<ConfigKind> {
  const { task = tasks[0] } = parts;
  checkWord('task', task, tasks);
  const { source = sourceNames(task)[0] } = recordAt('data', parts['data'] ?? {});
  checkWord('data.source', source, sourceNames(task));
  const { kind: model = 'fast-weights' } = recordAt('model', parts['model'] ?? {});
  checkWord('model.kind', model, modelNames(task));
  return { task, source, model };
}

function schemaOf({ task, source, model = 'fast-weights' }: ConfigKind): z.ZodType {
  const { sources, models, training } = tasks[task];
  const data = sources[source ?? (sourceNames(task)[0] as string)];
  return group({
    version: z.literal(CONFIG_VERSION).default(CONFIG_VERSION).describe('Of this format.'),
    task: name(task, 'What is learned.'),
    data: data as z.ZodType,
    model: models[model] as z.ZodType,
    training,
    seed: seedSetting(1, 'Everything random in the model and in the order of the data follows.'),
  });
}

function checkVersion(version: unknown): void {
  if (version === undefined || version === CONFIG_VERSION) return;
  const isNewer = typeof version === 'number' && version > CONFIG_VERSION;
  throw new ConfigError(isNewer ? 'newer' : 'value', {
    path: 'version',
    expected: isNewer ? `at most ${CONFIG_VERSION}` : `${CONFIG_VERSION}`,
    found: show(version),
    cure: isNewer ? 'The config is from a newer version of fastweights: update it.' : undefined,
  });
}

function recordAt(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new ConfigError('value', { path, expected: 'an object', found: show(value) });
}

/** The first thing that zod found wrong, in the words of the fields. */
function faultOf(kind: ConfigKind, parts: unknown, issue: z.core.$ZodIssue): ConfigError {
  const fields = configFields(kind);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return unknownKey(fields, [...issue.path, key].join('.'));
  }
  // A place in a list is told as the list.
  const keys = issue.path.filter((key) => typeof key === 'string');
  const path = keys.join('.');
  const found = keys.reduce<unknown>((at, key) => (at as never)?.[key], parts);
  const field = fields.find((field) => field.path === path);
  const word = Array.isArray(found)
    ? found.find((one) => !field?.choices.includes(one as string))
    : found;
  return new ConfigError('value', {
    path,
    expected: field?.expected ?? 'an object',
    found: show(found),
    nearest: field && typeof word === 'string' ? nearest(word, field.choices) : undefined,
  });
}

/** The error for a setting that there is not in such a config. */
export function unknownKey(fields: readonly Field[], path: string): ConfigError {
  const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : '';
  const siblings = fields.filter((field) => field.path.startsWith(parent));
  const keys = [
    ...new Set(siblings.map((field) => field.path.slice(parent.length).split('.')[0] as string)),
  ];
  const key = path.slice(parent.length);
  const close = nearest(key, keys);
  const elsewhere = fields.find((field) => field.path.split('.').at(-1) === key);
  return new ConfigError('unknown', {
    path,
    expected: `among ${keys.map((key) => parent + key).join(', ')}`,
    found: 'unknown',
    nearest: close === undefined ? elsewhere?.path : parent + close,
  });
}
