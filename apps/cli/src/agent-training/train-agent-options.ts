import os from 'node:os';
import {
  type AgentConfig,
  type AgentTaskName,
  applySettings,
  ConfigError,
  parseAgentConfig,
} from '@fastweights/experiments';
import { MOST_WORKERS } from '../defaults.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { UsageError } from '../usage-error.ts';
import { type BoardOption, boardName } from './board-option.ts';

/** What the command line says; of what is missing, the config has the default. */
export interface TrainAgentOptions {
  readonly board?: BoardOption;
  readonly units?: number;
  readonly model?: string;
  readonly seed?: number;
  readonly frames?: number;
  /** Default: as many as cores. */
  readonly workers?: number;
  /** As `applySettings` takes them. */
  readonly set?: readonly string[];
  readonly out?: string;
  /** Beside what is finished, instead of nothing. */
  readonly again?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** Points of a curve, each of many episodes. */
const REPORTS = 100;

/** @throws UsageError */
export function trainedAgentConfig(task: AgentTaskName, options: TrainAgentOptions): AgentConfig {
  const { board: data, model: kind, units, seed, frames, set: settings = [] } = options;
  const training =
    frames === undefined ? {} : { maxFrames: frames, reportEvery: Math.ceil(frames / REPORTS) };
  try {
    const config = parseAgentConfig({ task, data, model: { kind, units }, training, seed });
    return applySettings(config, settings);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}

/** One learner for each core: they do not wait for one another. */
export const workersOf = ({ workers }: Pick<TrainAgentOptions, 'workers'>): number =>
  workers ?? Math.min(os.availableParallelism(), MOST_WORKERS);

/** The command line again, without the name of the program. */
export function trainAgentCommandOf(task: AgentTaskName, options: TrainAgentOptions): string {
  const { board, again, set: settings = [], ...values } = options;
  const named = ['model', 'units', 'frames', 'seed', 'workers', 'out'] as const;
  const words = [
    ...(board ? ['--board', boardName(board)] : []),
    ...named.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]])),
    ...(again ? ['--again'] : []),
    ...(settings.length > 0 ? ['--set', ...settings] : []),
  ];
  return ['train', task, ...words.map((word) => shellQuoted(String(word)))].join(' ');
}
