import type { AgentTaskName } from '@fastweights/experiments';
import type { Metric, RunRecord } from '@fastweights/trainers/runs';
import { readSessions, secondsOf } from '../training-run/sessions.ts';
import type { KeptAgentResult } from '../training-run/train-agent-run.ts';
import { soundAgentMetrics, soundMetrics } from './sound-metrics.ts';

/** What there is to know of a run at a glance, whoever began it. */
export interface RunSummary {
  readonly directory: string;
  readonly state: RunRecord['state'];
  readonly hash: string;
  readonly created: string;
  readonly updates: number;
  /** How many it was to have at most. */
  readonly maxUpdates?: number;
  /** Of an agent. */
  readonly agent?: AgentSummary;
  readonly loss?: number;
  readonly best?: { readonly validationError: number; readonly update: number };
  readonly testError?: number;
  readonly stopped?: string;
  readonly seconds?: number;
  /** By their paths, such as `model.units`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What there is to know of an agent, which is told in frames and rewards. */
export interface AgentSummary {
  readonly frames: number;
  /** How many it was to have at most. */
  readonly maxFrames?: number;
  readonly episodes: number;
  /** Of the last report. */
  readonly meanReward?: number;
  /** In games that it has never seen. */
  readonly greedyReward?: number;
  readonly sampledReward?: number;
}

export interface SummarisedRun {
  readonly summary: RunSummary;
  readonly metrics: readonly Metric[];
  /** Of an agent, in place of the others. */
  readonly agentMetrics: readonly Metric<'agent'>[];
}

export async function summariseRun(record: RunRecord): Promise<SummarisedRun> {
  const metrics = await soundMetrics(record);
  const agentMetrics = await soundAgentMetrics(record);
  const { directory, state, hash, created, config } = record;
  const settings = flat(config);
  const result = soundResult(record.result);
  const sessions = await readSessions(directory);
  const best = result.best ?? bestOf(metrics);
  const seconds = result.seconds ?? (sessions.length > 0 ? secondsOf(sessions) : undefined);
  const maxUpdates = Number(settings['training.maxUpdates']);
  const last = metrics.at(-1) ?? agentMetrics.at(-1);
  const agent = agentSummary(record, settings, agentMetrics);
  const { testError, stopped } = result;
  const summary: RunSummary = {
    ...{ directory, state, hash, created, settings },
    updates: result.updates ?? updatesOf(last),
    ...(agent && { agent }),
    ...(maxUpdates > 0 && { maxUpdates }),
    ...(last && { loss: last.loss }),
    ...(best && { best }),
    ...(testError !== undefined && { testError }),
    ...(stopped !== undefined && { stopped }),
    ...(seconds !== undefined && { seconds }),
  };
  return { summary, metrics, agentMetrics };
}

function updatesOf(last: Metric | Metric<'agent'> | undefined): number {
  if (!last) return 0;
  return 'updates' in last ? last.updates : last.update;
}

/** Those of experiments, which this page is there without. */
const AGENT_TASKS: readonly unknown[] = ['catch'] satisfies readonly AgentTaskName[];

/** Undefined of a run that is no agent's. */
function agentSummary(
  { config, result }: RunRecord,
  settings: RunSummary['settings'],
  metrics: readonly Metric<'agent'>[],
): AgentSummary | undefined {
  const last = metrics.at(-1);
  const { task } = (config ?? {}) as { readonly task?: unknown };
  if (!last && !AGENT_TASKS.includes(task)) return undefined;
  const kept = (result ?? {}) as DeepPartial<KeptAgentResult>;
  const maxFrames = Number(settings['training.maxFrames']);
  const { greedy, sampled } = kept.evaluation ?? {};
  const counted = (value: unknown, reported = 0): number =>
    typeof value === 'number' ? value : reported;
  return {
    frames: counted(kept.frames, last?.frames),
    episodes: counted(kept.episodes, last?.episodes),
    ...(maxFrames > 0 && { maxFrames }),
    ...(last && { meanReward: last.meanReward }),
    ...(typeof greedy?.meanReward === 'number' && { greedyReward: greedy.meanReward }),
    ...(typeof sampled?.meanReward === 'number' && { sampledReward: sampled.meanReward }),
  };
}

/** Whoever trains by hand keeps as a result what they like. */
type DeepPartial<Value> = Value extends object
  ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> }
  : Value;

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
