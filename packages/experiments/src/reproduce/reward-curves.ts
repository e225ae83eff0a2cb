import type { RewardPoint } from './agent-result.ts';
import { meanOf, spreadOf } from './summary.ts';

/** A curve of several runs: their mean at each number of frames, and how far they lie apart. */
export interface BandPoint extends RewardPoint {
  /** Standard deviation over the runs, with n − 1; 0 for a single one. */
  readonly spread: number;
}

/** The reward of the episodes of a whole run: the area under its curve over its frames. Who learns early has more. */
export function areaUnder(curve: readonly RewardPoint[]): number {
  let [area, before] = [0, 0];
  for (const { frames, meanReward } of curve) {
    area += meanReward * (frames - before);
    before = frames;
  }
  return before === 0 ? Number.NaN : area / before;
}

/** The reward at the end: the mean over the last tenth of the frames. */
export function rewardAtEnd(curve: readonly RewardPoint[]): number {
  const last = curve.at(-1)?.frames ?? 0;
  let [sum, weight, before] = [0, 0, 0];
  for (const { frames, meanReward } of curve) {
    const inside = frames - Math.max(before, 0.9 * last);
    if (inside > 0) {
      sum += meanReward * inside;
      weight += inside;
    }
    before = frames;
  }
  return weight === 0 ? Number.NaN : sum / weight;
}

/** Where a curve first comes up to a level, on the straight line between two points; undefined where it does not. */
export function framesUntil(curve: readonly RewardPoint[], level: number): number | undefined {
  const at = curve.findIndex(({ meanReward }) => meanReward >= level);
  const [before, point] = [curve[at - 1], curve[at]];
  if (!point) return undefined;
  if (!before) return point.frames;
  const share = (level - before.meanReward) / (point.meanReward - before.meanReward);
  return before.frames + share * (point.frames - before.frames);
}

/**
 * The mean of several runs wherever one of them has reported, from the frames where all have up to where the first of them
 * ends.
 */
export function meanCurve(curves: readonly (readonly RewardPoint[])[]): BandPoint[] {
  const told = curves.filter(({ length }) => length > 0);
  const from = Math.max(...told.map(([first]) => (first as RewardPoint).frames));
  const to = Math.min(...told.map((curve) => (curve.at(-1) as RewardPoint).frames));
  const places = new Set(told.flatMap((curve) => curve.map(({ frames }) => frames)));
  const shared = [...places].filter((frames) => frames >= from && frames <= to);
  return shared
    .toSorted((a, b) => a - b)
    .map((frames) => {
      const rewards = told.map((curve) => rewardAt(curve, frames));
      return { frames, meanReward: meanOf(rewards) as number, spread: spreadOf(rewards) ?? 0 };
    });
}

/** On the straight line between the points beside it. */
function rewardAt(curve: readonly RewardPoint[], frames: number): number {
  const at = curve.findIndex((point) => point.frames >= frames);
  const point = curve[at] ?? (curve.at(-1) as RewardPoint);
  const before = curve[at - 1];
  if (!before) return point.meanReward;
  const share = (frames - before.frames) / (point.frames - before.frames);
  return before.meanReward + share * (point.meanReward - before.meanReward);
}
