import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { checkKeys, OptionError } from '@fastweights/core';
import { lockFile, makeFolder, unlockFile } from '@fastweights/core/node';
import { checkpointsOf, removeUnfinished } from './checkpoints.ts';
import {
  isLeftover,
  LOCK,
  type RunDescription,
  readDescription,
  writeDescription,
} from './description.ts';
import { missing } from './read-run.ts';
import { checkWeightsAlone, readResult } from './result-files.ts';
import type { Run } from './run.ts';
import { guarded, RunError } from './run-error.ts';
import type { TrainingKind } from './training-kinds.ts';
import { workOn } from './work-on-run.ts';

export interface OpenRunOptions {
  /** Plain data. */
  readonly config: unknown;
  /** What tells this config from others. */
  readonly hash: string;
  /** Whether a run is begun where there is none. */
  readonly create: boolean;
  /** Of the software that begins it, by name; that of Node is added. */
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Begins a run in a directory that is empty or not there, or takes up the run of this config that is in it. No other process
 * can open it until this one has closed it, or ended.
 *
 * @throws RunError
 */
export async function openRun<Kind extends TrainingKind = 'supervised'>(
  directory: string,
  options: OpenRunOptions,
): Promise<Run<Kind>> {
  checkKeys('openRun', options, ['config', 'hash', 'create', 'versions']);
  const { hash, create } = options;
  if (typeof hash !== 'string' || hash === '') {
    throw new OptionError('hash', 'a text that is not empty', JSON.stringify(hash) ?? 'missing');
  }
  const place = path.resolve(directory);
  const lock = path.join(place, LOCK);
  return guarded(place, async () => {
    // Looked at before anything is written: the directory may be a stranger's.
    if (!(await inspect(place, hash)) && !create) throw missing(place);
    const made = await makeFolder(place);
    let isOurs = false;
    try {
      const owner = await lockFile(lock);
      if (owner !== undefined) throw busy(place, owner);
      isOurs = true;
      // Whoever had the lock may have begun a run meanwhile, or finished it.
      const description = (await inspect(place, hash)) ?? (await begin(place, options));
      await removeLeftovers(place);
      return workOn<Kind>(place, description, () => unlockFile(lock));
    } catch (error) {
      if (isOurs) unlockFile(lock);
      if (made !== undefined) await removeEmpty(place, made);
      throw error;
    }
  });
}

async function inspect(directory: string, hash: string): Promise<RunDescription | undefined> {
  const description = await readDescription(directory);
  if (!description) return undefined;
  if (description.hash !== hash) throw otherConfig(directory, description.hash, hash);
  if (await readResult(directory, hash)) {
    await clearFinished(directory, hash).catch(() => undefined);
    throw finished(directory);
  }
  if (!(await checkpointsOf(directory, hash).areThere())) await checkWeightsAlone(directory);
  return description;
}

async function begin(
  directory: string,
  { config, hash, versions }: OpenRunOptions,
): Promise<RunDescription> {
  await writeDescription(directory, {
    config,
    hash,
    versions: { node: process.versions.node, ...versions },
    created: new Date().toISOString(),
  });
  // As whoever takes it up reads it: without what is undefined in it.
  return (await readDescription(directory)) as RunDescription;
}

/** What a kill left after the result was there, unless somebody is just finishing. */
async function clearFinished(directory: string, hash: string): Promise<void> {
  const lock = path.join(directory, LOCK);
  if ((await lockFile(lock)) !== undefined) return;
  try {
    await removeLeftovers(directory);
    await checkpointsOf(directory, hash).removeOwn();
  } finally {
    unlockFile(lock);
  }
}

/** What a kill left half written. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter(isLeftover)) {
    await rm(path.join(directory, name), { force: true });
  }
  await removeUnfinished(directory);
}

/** Removes the directory, and those that were created for it, while they are empty. */
async function removeEmpty(directory: string, first: string): Promise<void> {
  for (let at = directory; at.startsWith(first); at = path.dirname(at)) {
    await rmdir(at).catch(() => undefined);
  }
}

const busy = (directory: string, owner: number): RunError => {
  const who = owner === process.pid ? 'This process' : `Process ${owner}`;
  return new RunError(
    directory,
    'busy',
    `${who} has the run ${directory} open. Wait for it, or choose another directory.`,
  );
};

const otherConfig = (directory: string, has: string, wanted: string): RunError =>
  new RunError(
    directory,
    'other-config',
    `${directory} holds a run of another config (${has.slice(0, 12)}, not ${wanted.slice(0, 12)}). Choose another directory, or the config of ${path.join(directory, 'config.json')}; nothing was changed.`,
  );

const finished = (directory: string): RunError =>
  new RunError(
    directory,
    'finished',
    `The run ${directory} is finished. Read it, or choose another directory to train again.`,
  );
