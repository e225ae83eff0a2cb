import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ifThere, lockOwner } from '@fastweights/core/node';
import { checkpointsOf } from './checkpoints.ts';
import { CONFIG, LOCK, type RunDescription, readDescription } from './description.ts';
import { type Metric, readMetrics } from './metrics.ts';
import { readResult, readWeights } from './result-files.ts';
import { guarded, RunError } from './run-error.ts';
import { bestWeightsOf, type TrainingKind } from './training-kinds.ts';

/** A run as it lies on disk, whoever is working on it. */
export interface RunRecord extends RunDescription {
  readonly directory: string;
  readonly state: 'finished' | 'running' | 'stopped';
  /** What `finish` was given; undefined before. */
  readonly result?: unknown;
  /** As they lie there: whoever reads them knows of which kind the training is. */
  metrics<Kind extends TrainingKind = 'supervised'>(): Promise<readonly Metric<Kind>[]>;
  /** The best: those of the finished run, or of its last checkpoint; undefined where there is neither. An agent's are the last. */
  weights(): Promise<Uint8Array | undefined>;
}

/**
 * Looks at a run, and changes nothing.
 *
 * @throws RunError
 */
export function readRun(directory: string): Promise<RunRecord> {
  const place = path.resolve(directory);
  return guarded(place, async () => {
    const description = await readDescription(place);
    if (!description) throw missing(place);
    const finished = await readResult(place, description.hash);
    const owner = finished ? undefined : await lockOwner(path.join(place, LOCK));
    const weights = async (): Promise<Uint8Array | undefined> => {
      if (finished) return readWeights(place, finished);
      const checkpoint = await checkpointsOf(place, description.hash).latest();
      return checkpoint && bestWeightsOf(checkpoint.state);
    };
    return {
      directory: place,
      ...description,
      state: finished ? 'finished' : owner === undefined ? 'stopped' : 'running',
      ...(finished && { result: finished.result }),
      metrics: <Kind extends TrainingKind>() => guarded(place, () => readMetrics<Kind>(place)),
      weights: () => guarded(place, weights),
    };
  });
}

export interface RunList {
  /** By their directories, in the order of names. */
  readonly runs: readonly RunRecord[];
  /** Why folders cannot be read, or have a config.json and are no runs. */
  readonly unreadable: readonly RunError[];
}

/**
 * All runs in a folder and in the folders of it; not those in folders whose names begin with a dot.
 *
 * @throws RunError where there is no such folder
 */
export async function listRuns(folder: string): Promise<RunList> {
  const runs: RunRecord[] = [];
  const unreadable: RunError[] = [];
  const visit = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true });
    if (entries.some(({ name }) => name === CONFIG)) {
      runs.push(await readRun(directory));
      return;
    }
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    for (const name of folders.map((entry) => entry.name).sort()) {
      await tryVisit(path.join(directory, name));
    }
  };
  const tryVisit = async (directory: string): Promise<void> => {
    try {
      await guarded(directory, () => visit(directory));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      unreadable.push(error);
    }
  };
  const place = path.resolve(folder);
  if (!(await guarded(place, () => ifThere(readdir(place))))) throw missing(place);
  await tryVisit(place);
  return { runs, unreadable };
}

export const missing = (directory: string): RunError =>
  new RunError(
    directory,
    'missing',
    `There is no run in ${directory}. Train one there, or name another directory.`,
  );
