import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '@fastweights/core/node';
import type { PlannedRun, RunResult, RunStore } from '@fastweights/experiments';
import type { RunRecord } from '@fastweights/trainers/runs';
import { recordIn } from '../run-records/record-in.ts';
import { soundMetrics } from '../run-records/sound-metrics.ts';
import type { ChartPoint } from '../terminal/chart.ts';
import { readSessions, type Session } from '../training-run/sessions.ts';
import type { KeptResult } from '../training-run/train-run.ts';

/** The runs in a folder: `<out>/<experiment>/<beginning of the hash>`. */
export interface RunFolder extends RunStore {
  readonly out: string;
  /** Where a run is, or will be: a run of another experiment will do, if its config is the same. */
  directoryOf(run: Pick<PlannedRun, 'table' | 'hash'>): Promise<string>;
  /** Of a run that has been begun, and is not done. */
  begun(hash: string): Promise<BegunRun | undefined>;
}

export interface BegunRun {
  /** The last update that was reported. */
  readonly update: number;
  readonly errors: readonly ChartPoint[];
  readonly sessions: readonly Session[];
}

/** Enough to tell runs apart; `openRun` compares all of it. */
const HASH_LENGTH = 16;

interface Found {
  readonly directory: string;
  readonly record: RunRecord;
}

export function runFolder(out: string): RunFolder {
  /** The run of this hash that is done, or else one that has been begun. */
  async function lookUp(hash: string): Promise<Found | undefined> {
    const experiments = await foldersIn(out);
    const directories = experiments
      .map((folder) => path.join(folder, hash.slice(0, HASH_LENGTH)))
      .toSorted();
    const found: Found[] = [];
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
    async begun(hash) {
      const found = await lookUp(hash);
      if (!found || found.record.state === 'finished') return undefined;
      const metrics = await soundMetrics(found.record);
      const errors = metrics.flatMap(({ update, validationError }) =>
        validationError === undefined ? [] : [{ x: update, y: validationError }],
      );
      const sessions = await readSessions(found.directory);
      return { update: metrics.at(-1)?.update ?? 0, errors, sessions };
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

/** A finished run, as reports tell of it. */
export async function resultOf(record: RunRecord, directory: string): Promise<RunResult> {
  const { sessions: _, ...kept } = record.result as KeptResult;
  const metrics = await soundMetrics(record);
  const curve = metrics.map(({ update, loss, validationError, validationLoss }) => ({
    update,
    loss,
    ...(validationError !== undefined && { validationError }),
    ...(validationLoss !== undefined && { validationLoss }),
  }));
  return { ...kept, curve, directory };
}
