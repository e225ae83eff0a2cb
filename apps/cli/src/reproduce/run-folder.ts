import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '@fastweights/core/node';
import type { RunResult, RunStore } from '@fastweights/experiments';
import { RunError, type RunRecord, readRun } from '@fastweights/trainers/runs';
import type { KeptResult } from '../training-run/train-run.ts';

/** The runs of an experiment: `<out>/<experiment>/<beginning of the hash>`. */
export interface RunFolder extends RunStore {
  readonly folder: string;
  /** Where the run of a config is, or will be: a run of another experiment will do, if its config is the same. */
  directoryOf(hash: string): Promise<string>;
}

/** Enough to tell runs apart; `openRun` compares all of it. */
const HASH_LENGTH = 16;

export function runFolder(out: string, experiment: string): RunFolder {
  const folder = path.join(out, experiment);
  async function directoryOf(hash: string): Promise<string> {
    const name = hash.slice(0, HASH_LENGTH);
    const own = path.join(folder, name);
    const experiments = (await ifThere(readdir(out, { withFileTypes: true }))) ?? [];
    const others = experiments
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => path.join(out, entry.name, name));
    for (const directory of [own, ...others]) {
      if (await recordIn(directory)) return directory;
    }
    return own;
  }
  return {
    folder,
    directoryOf,
    async find(hash) {
      const directory = await directoryOf(hash);
      const record = await recordIn(directory);
      if (!record) return undefined;
      return record.state === 'finished' ? resultOf(record, directory) : 'begun';
    },
  };
}

async function recordIn(directory: string): Promise<RunRecord | undefined> {
  try {
    return await readRun(directory);
  } catch (error) {
    if (error instanceof RunError && error.problem === 'missing') return undefined;
    throw error;
  }
}

/** A finished run, as reports tell of it. */
export async function resultOf(record: RunRecord, directory: string): Promise<RunResult> {
  const { sessions: _, ...kept } = record.result as KeptResult;
  const metrics = await record.metrics();
  const curve = metrics.map(({ update, loss, validationError }) => ({
    update,
    loss,
    ...(validationError !== undefined && { validationError }),
  }));
  return { ...kept, curve, directory };
}
