import type { Metric, RunRecord } from '@fastweights/trainers/runs';
import { readSessions, secondsOf } from '../training-run/sessions.ts';
import { soundMetrics } from './sound-metrics.ts';

/** What there is to know of a run at a glance, whoever began it. */
export interface RunSummary {
  readonly directory: string;
  readonly state: RunRecord['state'];
  readonly hash: string;
  readonly created: string;
  readonly updates: number;
  /** How many it was to have at most. */
  readonly maxUpdates?: number;
  readonly loss?: number;
  readonly best?: { readonly validationError: number; readonly update: number };
  readonly testError?: number;
  readonly stopped?: string;
  readonly seconds?: number;
  /** By their paths, such as `model.units`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface SummarisedRun {
  readonly summary: RunSummary;
  readonly metrics: readonly Metric[];
}

export async function summariseRun(record: RunRecord): Promise<SummarisedRun> {
  const metrics = await soundMetrics(record);
  const { directory, state, hash, created, config } = record;
  const settings = flat(config);
  const result = soundResult(record.result);
  const sessions = await readSessions(directory);
  const best = result.best ?? bestOf(metrics);
  const seconds = result.seconds ?? (sessions.length > 0 ? secondsOf(sessions) : undefined);
  const maxUpdates = Number(settings['training.maxUpdates']);
  const last = metrics.at(-1);
  const { testError, stopped } = result;
  const summary: RunSummary = {
    ...{ directory, state, hash, created, settings },
    updates: result.updates ?? last?.update ?? 0,
    ...(maxUpdates > 0 && { maxUpdates }),
    ...(last && { loss: last.loss }),
    ...(best && { best }),
    ...(testError !== undefined && { testError }),
    ...(stopped !== undefined && { stopped }),
    ...(seconds !== undefined && { seconds }),
  };
  return { summary, metrics };
}

type ToldResult = Partial<
  Pick<RunSummary, 'updates' | 'best' | 'testError' | 'stopped' | 'seconds'>
>;

/** Whoever trains by hand keeps as a result what they like. */
function soundResult(result: unknown): ToldResult {
  const { updates, best, testError, stopped, seconds } = (result ?? {}) as ToldResult;
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  return {
    ...(isNumber(updates) && { updates }),
    ...(isNumber(best?.validationError) && isNumber(best.update) && { best }),
    ...(isNumber(testError) && { testError }),
    ...(typeof stopped === 'string' && { stopped }),
    ...(isNumber(seconds) && { seconds }),
  };
}

function bestOf(metrics: readonly Metric[]): RunSummary['best'] {
  let best: RunSummary['best'];
  for (const { update, validationError, offSchedule } of metrics) {
    // Of an end that is none: its weights are in no checkpoint.
    if (validationError === undefined || offSchedule) continue;
    if (!best || validationError < best.validationError) best = { validationError, update };
  }
  return best;
}

/** Every setting of a config by its path; lists are told as one. */
function flat(value: unknown, prefix = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return { [prefix]: text };
  }
  const parts = Object.entries(value).map(([key, part]) =>
    flat(part, prefix === '' ? key : `${prefix}.${key}`),
  );
  return Object.assign({}, ...parts);
}
