import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import {
  ConfigError,
  type Experiment,
  importModel,
  ModelFileError,
  parseConfig,
  restoreExperiment,
  type TaskName,
  type TrainedModel,
} from '@fastweights/experiments';
import { fileSources } from '@fastweights/experiments/node';
import { RunError, readRun } from '@fastweights/trainers/runs';
import { invocation } from './invocation.ts';
import { printable } from './printable.ts';
import { shellQuoted } from './shell-quoted.ts';

/** A model that was kept: in a run directory, or in a file that `export` wrote. */
export interface StoredModel extends TrainedModel {
  readonly place: string;
  /** Whether its training is over; what is exported may be of either kind. */
  readonly isFinished: boolean;
}

/** @throws FastWeightsError with what helps */
export async function readStoredModel(place: string): Promise<StoredModel> {
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  const model = isFile ? await modelInFile(place) : await modelInRun(place);
  return { place, ...model };
}

type Kept = Omit<StoredModel, 'place'>;

async function modelInFile(file: string): Promise<Kept> {
  const bytes = await readFile(file).catch((cause: Error) => {
    const why = `${printable(file)} cannot be read: ${printable(cause.message)}.`;
    throw new FastWeightsError('file', why, { cause });
  });
  return { ...naming(file, () => importModel(new Uint8Array(bytes))), isFinished: true };
}

async function modelInRun(directory: string): Promise<Kept> {
  const run = await readRun(directory).catch((cause: unknown) => {
    throw cause instanceof RunError ? withCure(cause, directory) : cause;
  });
  const config = naming(directory, () => parseConfig(run.config));
  const weights = await run.weights();
  if (!weights) {
    throw new FastWeightsError(
      'run',
      `The run ${printable(directory)} has no weights yet: it was stopped before its first checkpoint. Train it on.`,
    );
  }
  return { config, weights, isFinished: run.state === 'finished' };
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
export function checkFinished({ place, isFinished }: StoredModel, command: string): void {
  if (isFinished) return;
  throw new FastWeightsError(
    'run',
    `${printable(place)} is not finished. Train it to its end with the command that began it, or take its best weights so far:\n  ${invocation()} ${command} ${shellQuoted(place)} --checkpoint`,
  );
}
