import type { BackendName, UseBackendOptions } from '@fastweights/backends';
import { FastWeightsError } from '@fastweights/core';
import { retrievalLength } from '@fastweights/datasets';
import type { ExperimentConfig, RunResult, TraceableModel } from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import { openRun, type Run, type RunRecord, readRun } from '@fastweights/trainers/runs';
import { version } from '../defaults.ts';
import { trainInWorkers } from './grouped-training.ts';
import { startClock } from './session-clock.ts';
import { type Session, secondsOf } from './sessions.ts';
import {
  type BackendFacts,
  type JobListener,
  type TrainedJob,
  type TrainingJob,
  trainJob,
} from './training-job.ts';
import type { Turnstile } from './turnstile.ts';

export interface TrainRunOptions {
  readonly config: ExperimentConfig;
  readonly hash: string;
  readonly workers: number;
  /** What computes, whatever the run was begun on. */
  readonly backend: BackendName | undefined;
  /** What computes a run that has not been begun; default what is fastest. */
  readonly firstBackend?: BackendName | undefined;
  /** Trains in a thread of its own, even where it is one: the same bits, and this thread stays free. */
  readonly ownThread?: boolean;
  readonly software: boolean;
  /** A folder for rendered images. */
  readonly cache: string;
  /** Runs that are trained side by side open their data in turn, so that no two render the same images. */
  readonly opening?: Turnstile;
  readonly signal?: AbortSignal | undefined;
  readonly watcher: RunWatcher;
}

/** Who looks on while a run is trained. */
export interface RunWatcher {
  /** From which update it goes on. */
  onBegin(update: number): void;
  onBackend(facts: BackendFacts): void;
  /** Images are made or read, before training. */
  onImages?(progress: ImageProgress): void;
  /** The model itself, where it is trained in this thread. */
  onModel?(model: TraceableModel): unknown;
  onProgress(progress: Progress): unknown;
  /** Training is over. */
  onTest(): void;
  note(text: string): void;
}

/** What result.json says. */
export interface KeptResult extends Omit<RunResult, 'curve' | 'directory'> {
  readonly sessions: readonly Session[];
}

/** Trains in a run directory from its last checkpoint, and tests; undefined if the signal came first. */
export async function trainRun(
  directory: string,
  options: TrainRunOptions,
): Promise<RunRecord | undefined> {
  const { config, hash } = options;
  const versions = { fastweights: version };
  const run = await openRun(directory, { config, hash, create: true, versions });
  try {
    if (!(await train(run, options))) return undefined;
  } finally {
    await run.close();
  }
  return readRun(directory);
}

async function train(run: Run, options: TrainRunOptions): Promise<boolean> {
  const { config, workers, software, cache, watcher, opening, ownThread = false } = options;
  const { signal = new AbortController().signal } = options;
  const from = await run.latestCheckpoint(({ folder, reason }) =>
    watcher.note(`not going on from ${folder}: ${reason}`),
  );
  watcher.onBegin(from?.update ?? 0);
  const note = (text: string): void => watcher.note(text);
  const clock = await startClock(run.directory, { workers, goesOn: from !== undefined, note });
  const { earlier } = clock;
  const backend = {
    ...(software && { software }),
    ...preference(options, earlier),
    ...raceOf(config),
  };
  const job: TrainingJob = { config, from, cache, backend };
  let leave = (): void => {};
  let isOver = false;
  const listener: JobListener = {
    onBackend(facts) {
      clock.computesOn({ backend: facts.name, device: facts.device });
      watcher.onBackend(facts);
    },
    onModel: (model) => watcher.onModel?.(model),
    async onOpen() {
      if (!opening) return;
      leave = await opening.enter();
      // A thread that ended while it waited never says that it is through.
      if (isOver) leave();
    },
    onImages: (progress) => watcher.onImages?.(progress),
    onOpened: () => leave(),
    async onProgress(progress) {
      await run.report(progress);
      await watcher.onProgress(progress);
    },
    async onState(state) {
      // First, so that every checkpoint has its session.
      await clock.save();
      await run.saveCheckpoint(state);
    },
    onTest: () => watcher.onTest(),
  };
  const training =
    workers > 1 || ownThread
      ? trainInWorkers(job, { workers, signal }, listener)
      : trainJob(job, { signal }, listener);
  const trained = await training
    .catch((error: unknown) => {
      throw options.backend === undefined ? withCure(error, earlier) : error;
    })
    .finally(() => {
      isOver = true;
      leave();
    });
  if (!trained) return false;
  const result = keptResult(trained, await clock.save());
  await run.finish(result, trained.weights);
  return true;
}

/** The sizes to be fast at, where they are those of a sequence of strings. */
function raceOf({ task, data, model, training }: ExperimentConfig): Pick<UseBackendOptions, 'job'> {
  if (task !== 'retrieval') return {};
  const { batchSize } = training;
  return { job: { batchSize, time: retrievalLength(data.pairs), units: model.units } };
}

/** Without a word, that of the last session: another backend rounds otherwise, and a race has no fixed winner. */
function preference(
  { backend, firstBackend, workers }: TrainRunOptions,
  earlier: readonly Session[],
): { prefer?: BackendName } {
  const known = backend ?? earlier.at(-1)?.backend ?? firstBackend;
  // Backends that use all cores by themselves, or a GPU, gain nothing by workers.
  const prefer = known ?? (workers > 1 ? 'wasm' : undefined);
  return prefer === undefined ? {} : { prefer };
}

/** A worker's errors have lost their class, and kept their code. */
function withCure(error: unknown, earlier: readonly Session[]): unknown {
  const begunOn = earlier.at(-1)?.backend;
  if (!(error instanceof FastWeightsError) || error.code !== 'backend' || !begunOn) return error;
  const cure = `The run was begun on ${begunOn}; name another with --backend.`;
  return new FastWeightsError('backend', `${error.message}\n${cure}`, { cause: error });
}

function keptResult(
  { updates, stopped, best, testError }: TrainedJob,
  sessions: readonly Session[],
): KeptResult {
  return {
    updates,
    stopped: stopped as RunResult['stopped'],
    best,
    testError,
    seconds: secondsOf(sessions),
    sessions,
  };
}
