import type { Metric } from './metrics.ts';
import type { TrainingKind } from './training-kinds.ts';

/** What TensorBoard shows of a report, and under which name. */
const tags: readonly (readonly [key: string, tag: string])[] = [
  ['loss', 'training/loss'],
  ['policyLoss', 'training/policy loss'],
  ['valueLoss', 'training/value loss'],
  ['entropy', 'training/entropy'],
  ['meanReward', 'episodes/mean reward'],
  ['episodes', 'episodes/count'],
  ['validationError', 'validation/error'],
  ['validationLoss', 'validation/loss'],
  ['learningRate', 'training/learning rate'],
  ['gradientNorm', 'training/gradient norm'],
  ['updatesPerSecond', 'training/updates per second'],
  ['framesPerSecond', 'training/frames per second'],
];

export function progressScalars(metric: Metric<TrainingKind>): ReadonlyMap<string, number> {
  const values = new Map<string, unknown>(Object.entries(metric));
  return new Map(
    tags.flatMap(([key, tag]) => {
      const value = values.get(key);
      return typeof value === 'number' ? [[tag, value] as const] : [];
    }),
  );
}
