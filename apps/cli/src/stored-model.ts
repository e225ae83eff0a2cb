import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import {
  type AnyConfig,
  ConfigError,
  type Experiment,
  importAgent,
  importModel,
  isAgentConfig,
  ModelFileError,
  type PreparedAgent,
  parseAnyConfig,
  restoreAgent,
  restoreExperiment,
  type TaskName,
  type TrainedAgent,
  type TrainedModel,
} from '@fastweights/experiments';
import { fileSources } from '@fastweights/experiments/node';
import { RunError, readRun } from '@fastweights/trainers/runs';
import { invocation } from './invocation.ts';
import { printable } from './printable.ts';
import { shellQuoted } from './shell-quoted.ts';

/** What was kept: in a run directory, or in a file that `export` wrote. */
interface Stored {
  readonly place: string;
  /** Whether its training is over; what is exported may be of either kind. */
  readonly isFinished: boolean;
}

export interface StoredModel extends TrainedModel, Stored {}

export interface StoredAgent extends TrainedAgent, Stored {}

/** @throws FastWeightsError with what helps */
export async function readStoredModel(place: string): Promise<StoredModel> {
  const found = await readStored(place, importModel);
  const { config } = found;
  if (!isAgentConfig(config)) return { ...found, config };
  throw new FastWeightsError(
    'task',
    `${printable(place)} is a run of ${config.task}: an agent, which plays. Watch it:\n  ${invocation()} watch ${shellQuoted(place)}`,
  );
}

/** @throws FastWeightsError with what helps */
export async function readStoredAgent(place: string): Promise<StoredAgent> {
  const found = await readStored(place, importAgent);
  const { config } = found;
  if (isAgentConfig(config)) return { ...found, config };
  throw new FastWeightsError(
    'task',
    `${printable(place)} is a run of ${config.task}, which does not play. Test it instead:\n  ${invocation()} evaluate ${shellQuoted(place)}`,
  );
}

/** Either of the two. @throws FastWeightsError with what helps */
export const readStoredAny = (place: string): Promise<Kept<AnyConfig>> =>
  readStored<AnyConfig>(place, importModel);

type Kept<Config extends AnyConfig> = TrainedModel<Config> & Stored;

async function readStored<Config extends AnyConfig>(
  place: string,
  importFile: (bytes: Uint8Array) => TrainedModel<Config>,
): Promise<Kept<AnyConfig>> {
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return inRun(place);
  const bytes = await readFile(place).catch((cause: Error) => {
    const why = `${printable(place)} cannot be read: ${printable(cause.message)}.`;
    throw new FastWeightsError('file', why, { cause });
  });
  return { ...naming(place, () => importFile(new Uint8Array(bytes))), isFinished: true, place };
}

async function inRun(directory: string): Promise<Kept<AnyConfig>> {
  const run = await readRun(directory).catch((cause: unknown) => {
    throw cause instanceof RunError ? withCure(cause, directory) : cause;
  });
  const config = naming(directory, () => parseAnyConfig(run.config));
  const weights = await run.weights();
  if (!weights) {
    throw new FastWeightsError(
      'run',
      `The run ${printable(directory)} has no weights yet: it was stopped before its first checkpoint. Train it on.`,
    );
  }
  return { config, weights, isFinished: run.state === 'finished', place: directory };
}

function withCure(cause: RunError, directory: string): RunError {
  const { problem, message } = cause;
  const train = `${invocation()} train retrieval --out`;
  const cure: Partial<Record<RunError['problem'], string>> = {
    missing: `There is no run in ${printable(directory)}. What there is:\n  ${invocation()} runs list`,
    foreign: `${printable(message)} Runs of earlier versions must be trained anew:\n  ${train} ${shellQuoted(`${path.normalize(directory).replace(/[\\/]$/, '')}-anew`)}`,
  };
  const sentence = cure[problem];
  return sentence === undefined ? cause : new RunError(directory, problem, sentence, { cause });
}

/** @throws ModelFileError where its weights are another model's */
export function restoreStoredModel(model: StoredModel): Experiment {
  const cache = path.join(path.dirname(path.resolve(model.place)), '.images');
  return naming(model.place, () => restoreExperiment(model, fileSources({ cache })));
}

/** @throws ModelFileError where its weights are another agent's */
export function restoreStoredAgent(agent: StoredAgent): PreparedAgent {
  return naming(agent.place, () => restoreAgent(agent));
}

/** Says of what is wrong with a model where it is. */
function naming<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const message = `${printable(place)} cannot be used. ${(cause as Error).message}`;
    if (cause instanceof ModelFileError)
      throw new ModelFileError(cause.problem, message, { cause });
    if (cause instanceof ConfigError) throw new FastWeightsError('config', message, { cause });
    throw cause;
  }
}

/** @throws FastWeightsError where the model does something else */
export function checkTask({ config, place }: StoredModel, task: TaskName): void {
  if (config.task === task) return;
  throw new FastWeightsError(
    'task',
    `${printable(place)} is a run of ${config.task}, and only those of ${task} answer strings. Test it instead:\n  ${invocation()} evaluate ${shellQuoted(place)}`,
  );
}

/** @throws FastWeightsError where training has not come to its end */
export function checkFinished({ place, isFinished }: Stored, command: string): void {
  if (isFinished) return;
  throw new FastWeightsError(
    'run',
    `${printable(place)} is not finished. Train it to its end with the command that began it, or take its best weights so far:\n  ${invocation()} ${command} ${shellQuoted(place)} --checkpoint`,
  );
}
