import type { BackendName } from '@fastweights/backends';
import {
  applySettings,
  ConfigError,
  type ExperimentConfig,
  parseConfig,
  type TaskName,
  type TrainingConfig,
} from '@fastweights/experiments';
import { shellQuoted } from '../shell-quoted.ts';
import { UsageError } from '../usage-error.ts';

/** What the command line says; of what is missing, the config has the default. */
export interface TrainOptions {
  readonly units?: number;
  readonly model?: string;
  readonly seed?: number;
  readonly updates?: number;
  /** In percent. */
  readonly target?: number;
  readonly workers: number;
  readonly backend?: BackendName;
  readonly software?: boolean;
  /** As `applySettings` takes them. */
  readonly set?: readonly string[];
  readonly out?: string;
  /** Beside what is finished, instead of nothing. */
  readonly again?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** A first look at the paper is over in seconds; the other tasks take what their configs say. */
const trainings: Readonly<Record<TaskName, Partial<TrainingConfig>>> = {
  retrieval: { maxUpdates: 4000, validateEvery: 100, schedule: 'constant', targetError: 0.01 },
  mnist: {},
  faces: {},
};

/** @throws UsageError */
export function trainedConfig(task: TaskName, options: TrainOptions): ExperimentConfig {
  const { model: kind, units, seed, updates, target, set: settings = [] } = options;
  const training = {
    ...trainings[task],
    ...(updates !== undefined && { maxUpdates: updates }),
    ...(target !== undefined && { targetError: target / 100 }),
  };
  try {
    const planned = parseConfig({ task, model: { kind, units }, training, seed });
    const config = applySettings(planned, settings);
    checkAgreement(config, options);
    return config;
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}

/** Whoever says two things of one setting means one of them, and would get the other. */
function checkAgreement({ model, training, seed }: ExperimentConfig, options: TrainOptions): void {
  const { target } = options;
  const said = [
    ['--model', options.model, model.kind],
    ['--units', options.units, model.units],
    ['--seed', options.seed, seed],
    ['--updates', options.updates, training.maxUpdates],
    ['--target', target === undefined ? undefined : target / 100, training.targetError],
  ] as const;
  for (const [option, value, set] of said) {
    if (value === undefined || value === set) continue;
    throw new UsageError(`${option} and --set say two things of one setting: leave one out.`);
  }
}

/** The command line again, without the name of the program. */
export function trainCommandOf(task: TaskName, options: TrainOptions): string {
  const { workers, software, again, set: settings = [], ...values } = options;
  const named = ['model', 'units', 'seed', 'updates', 'target', 'backend', 'out'] as const;
  const words = [
    ...named.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]])),
    ...(workers === 1 ? [] : ['--workers', workers]),
    ...(software ? ['--software'] : []),
    ...(again ? ['--again'] : []),
    ...(settings.length > 0 ? ['--set', ...settings] : []),
  ];
  return ['train', task, ...words.map((word) => shellQuoted(String(word)))].join(' ');
}
