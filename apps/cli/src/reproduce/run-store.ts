import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '@fastweights/core/node';
import type { PlannedRun, RunStore } from '@fastweights/experiments';
import type { RunRecord } from '@fastweights/trainers/runs';
import { recordIn } from '../run-records/record-in.ts';

/** The runs in a folder: `<out>/<experiment>/<beginning of the hash>`. */
export interface FolderStore<Result> extends RunStore<Result> {
  readonly out: string;
  /** Where a run is, or will be: a run of another experiment will do, if its config is the same. */
  directoryOf(run: Pick<PlannedRun, 'table' | 'hash'>): Promise<string>;
  /** The run of this hash that is done, or else one that has been begun. */
  lookUp(hash: string): Promise<FoundRun | undefined>;
}

interface FoundRun {
  readonly directory: string;
  readonly record: RunRecord;
}

/** Enough to tell runs apart; `openRun` compares all of it. */
const HASH_LENGTH = 16;

export function folderStore<Result extends object>(
  out: string,
  resultOf: (record: RunRecord, directory: string) => Promise<Result>,
): FolderStore<Result> {
  async function lookUp(hash: string): Promise<FoundRun | undefined> {
    const experiments = await foldersIn(out);
    const directories = experiments
      .map((folder) => path.join(folder, hash.slice(0, HASH_LENGTH)))
      .toSorted();
    const found: FoundRun[] = [];
    const errors: unknown[] = [];
    for (const directory of directories) {
      try {
        const record = await recordIn(directory);
        if (record) found.push({ directory, record });
      } catch (error) {
        errors.push(error);
      }
    }
    if (found.length === 0 && errors.length > 0) throw errors[0];
    return found.find(({ record }) => record.state === 'finished') ?? found[0];
  }
  return {
    out,
    lookUp,
    async directoryOf({ table, hash }) {
      const found = await lookUp(hash);
      return found?.directory ?? path.join(out, table, hash.slice(0, HASH_LENGTH));
    },
    async find(hash) {
      const found = await lookUp(hash);
      if (!found) return undefined;
      const { record, directory } = found;
      return record.state === 'finished' ? resultOf(record, directory) : 'begun';
    },
  };
}

/** Links to folders too; not those whose names begin with a dot. */
async function foldersIn(out: string): Promise<string[]> {
  const names = (await ifThere(readdir(out))) ?? [];
  const places = names.filter((name) => !name.startsWith('.')).map((name) => path.join(out, name));
  const found = await Promise.all(places.map((place) => stat(place).catch(() => undefined)));
  return places.filter((_, i) => found[i]?.isDirectory());
}
