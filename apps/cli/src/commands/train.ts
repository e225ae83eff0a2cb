import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { configHash, type ExperimentConfig, type TaskName } from '@fastweights/experiments';
import { type RunRecord, readRun } from '@fastweights/trainers/runs';
import { exitCodes } from '../exit-codes.ts';
import { type Interruption, listenForSignals } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { summariseRun } from '../run-records/run-summary.ts';
import { columnsOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';
import { answersOfRun } from '../training/answers-of-run.ts';
import { printEvent } from '../training/json-display.ts';
import { isFinished, latestRun, placeOfRun } from '../training/run-place.ts';
import { type TrainOptions, trainCommandOf, trainedConfig } from '../training/train-options.ts';
import {
  type Outcome,
  reachedTarget,
  stoppedSummary,
  summary,
} from '../training/training-summary.ts';
import { FINISHING, STOPPING, watchTraining } from '../training/training-watch.ts';
import { type KeptResult, trainRun } from '../training-run/train-run.ts';

/** Trains, shows it, keeps the run, and says what to try next; answers the exit code. */
export async function trainCommand(task: TaskName, options: TrainOptions): Promise<number> {
  const { out, again, json = false } = options;
  const config = trainedConfig(task, options);
  const hash = await configHash(config);
  const { directory, found } = await placeOfRun({ task, hash, out, again });
  const told = { config, options, directory };
  if (found && isFinished(found, hash)) {
    if (json) printEvent('found', { directory, hash, result: found.result });
    return end(found, { ...told, isOld: true });
  }
  const interruption = listenForSignals();
  const finished = await train({ ...told, hash, found, interruption });
  if (finished) {
    if (json) printEvent('finished', { directory, hash, result: finished.result });
    interruption.dispose();
    return end(finished, { ...told, isOld: false });
  }
  interruption.dispose();
  const { summary: progress } = await summariseRun(await readRun(directory));
  if (json) printEvent('interrupted', { directory, hash, update: progress.updates });
  else
    printLines(stoppedSummary({ ...(await outcomeOf(told)), progress }, columnsOf(process.stdout)));
  return interruption.exitCode() ?? exitCodes.failure;
}

interface Told {
  readonly config: ExperimentConfig;
  readonly options: TrainOptions;
  readonly directory: string;
}

interface Begun extends Told {
  readonly hash: string;
  readonly found: RunRecord | undefined;
  readonly interruption: Interruption;
}

async function train({
  interruption,
  found,
  hash,
  ...told
}: Begun): Promise<RunRecord | undefined> {
  const { config, options, directory } = told;
  const { workers, backend, software = false } = options;
  const watch = watchTraining({ ...told, hash, before: (await found?.metrics()) ?? [] });
  const { signal } = interruption;
  signal.addEventListener('abort', () => watch.notice(watch.isTesting() ? FINISHING : STOPPING));
  try {
    return await trainRun(directory, {
      ...{ config, hash, workers, backend, software, signal },
      // `runs list` passes over folders with a dot.
      cache: path.join(path.dirname(directory), '.images'),
      watcher: watch.watcher,
    });
  } catch (error) {
    throw withCure(error, told);
  } finally {
    watch.close();
  }
}

/** A worker's errors have lost their class, and kept their code. */
function withCure(error: unknown, { config, options }: Told): unknown {
  if (!(error instanceof FastWeightsError) || error.code !== 'training-lost') return error;
  const command = `${invocation()} ${trainCommandOf(config.task, { ...options, backend: 'wasm' })}`;
  const cure = `The run goes on from its last checkpoint with the same command, or without that device:\n  ${command}`;
  return new FastWeightsError('training-lost', `${error.message}\n${cure}`, { cause: error });
}

async function end(
  run: RunRecord,
  { isOld, ...told }: Told & { readonly isOld: boolean },
): Promise<number> {
  const result = run.result as KeptResult;
  const { config, options } = told;
  if (!options.json) {
    const answers = await answersOfRun(run, config);
    const outcome = await outcomeOf(told);
    printLines(summary({ ...outcome, result, answers, isOld }, columnsOf(process.stdout)));
  }
  return reachedTarget(result, config) ? exitCodes.done : exitCodes.targetMissed;
}

async function outcomeOf(told: Told): Promise<Outcome> {
  const latest = await latestRun(told.config.task);
  const isLatest = latest !== undefined && path.resolve(latest) === path.resolve(told.directory);
  return { ...told, isLatest };
}
