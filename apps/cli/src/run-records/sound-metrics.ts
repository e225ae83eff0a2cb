import type { Metric, RunRecord } from '@fastweights/trainers/runs';

const NUMBERS = ['validationError', 'validationLoss', 'updatesPerSecond'] as const;

/** The lines of a run's metrics whose numbers are numbers; others are somebody else's, and left out. */
export async function soundMetrics(record: Pick<RunRecord, 'metrics'>): Promise<Metric[]> {
  return (await record.metrics()).filter(isSound);
}

const isSound = (metric: Metric): boolean =>
  Number.isFinite(metric.update) &&
  typeof metric.loss === 'number' &&
  NUMBERS.every((name) => metric[name] === undefined || typeof metric[name] === 'number');

const AGENT_NUMBERS = ['frames', 'updates', 'episodes', 'meanReward', 'loss', 'entropy'] as const;

/** The same of an agent, whose lines are counted in frames. */
export async function soundAgentMetrics(
  record: Pick<RunRecord, 'metrics'>,
): Promise<Metric<'agent'>[]> {
  return (await record.metrics<'agent'>()).filter(isSoundOfAgent);
}

const isSoundOfAgent = (metric: Metric<'agent'>): boolean =>
  Number.isFinite(metric.frames) && AGENT_NUMBERS.every((name) => typeof metric[name] === 'number');
