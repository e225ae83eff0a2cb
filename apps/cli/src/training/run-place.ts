import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '@fastweights/core/node';
import type { AnyTaskName } from '@fastweights/experiments';
import { type RunRecord, readRun } from '@fastweights/trainers/runs';
import { RUNS } from '../defaults.ts';
import { recordIn } from '../run-records/record-in.ts';

// Each config has a directory of its own, `runs/<task>-<beginning of its hash>`: that is how the same command finds what
// it has begun, and no training can overwrite another.

export interface RunPlace {
  readonly directory: string;
  /** What is there already. */
  readonly found: RunRecord | undefined;
}

export interface PlaceOptions {
  readonly task: AnyTaskName;
  readonly hash: string;
  /** Instead of the place of this config. */
  readonly out?: string | undefined;
  /** Beside runs of this config that are finished. */
  readonly again?: boolean | undefined;
}

/** Enough to tell configs apart; `openRun` compares the whole hash. */
const HASH_LENGTH = 8;

/**
 * Where a config is trained.
 *
 * @throws RunError where the directory holds something else
 */
export async function placeOfRun({ task, hash, out, again }: PlaceOptions): Promise<RunPlace> {
  const first = out ?? path.join(RUNS, `${task}-${hash.slice(0, HASH_LENGTH)}`);
  for (let number = 1; ; number++) {
    const directory = number === 1 ? first : `${first}-${number}`;
    const found = await recordIn(directory);
    if (!again || !found || !isFinished(found, hash)) return { directory, found };
  }
}

export const isFinished = (run: RunRecord, hash: string): boolean =>
  run.state === 'finished' && run.hash === hash;

/** The run of a task that `train` has finished last, or else begun last, where it keeps them by default. */
export async function latestRun(task: AnyTaskName): Promise<string | undefined> {
  const isRun = new RegExp(`^${task}-[0-9a-f]{${HASH_LENGTH}}(-\\d+)?$`);
  const names = ((await ifThere(readdir(RUNS))) ?? []).filter((name) => isRun.test(name)).sort();
  const runs = await Promise.all(names.map((name) => datedRun(path.join(RUNS, name))));
  const [latest] = runs
    .flat()
    .sort((a, b) => Number(b.finished) - Number(a.finished) || b.at - a.at);
  return latest?.directory;
}

interface DatedRun {
  readonly directory: string;
  readonly finished: boolean;
  /** When, in ms. */
  readonly at: number;
}

/** None where there is nothing that can be read. */
async function datedRun(directory: string): Promise<DatedRun[]> {
  const run = await readRun(directory).catch(() => undefined);
  if (!run) return [];
  const finished = run.state === 'finished';
  const file = path.join(directory, finished ? 'result.json' : 'config.json');
  return [{ directory, finished, at: (await stat(file)).mtimeMs }];
}
