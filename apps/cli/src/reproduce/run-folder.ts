import type { RunResult } from '@fastweights/experiments';
import type { RunRecord } from '@fastweights/trainers/runs';
import { soundMetrics } from '../run-records/sound-metrics.ts';
import type { ChartPoint } from '../terminal/chart.ts';
import { readSessions, type Session } from '../training-run/sessions.ts';
import type { KeptResult } from '../training-run/train-run.ts';
import { type FolderStore, folderStore } from './run-store.ts';

/** The runs of tables in a folder. */
export interface RunFolder extends Omit<FolderStore<RunResult>, 'lookUp'> {
  /** Of a run that has been begun, and is not done. */
  begun(hash: string): Promise<BegunRun | undefined>;
}

export interface BegunRun {
  /** The last update that was reported. */
  readonly update: number;
  readonly errors: readonly ChartPoint[];
  readonly sessions: readonly Session[];
}

export function runFolder(out: string): RunFolder {
  const { lookUp, ...store } = folderStore(out, resultOf);
  return {
    ...store,
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
