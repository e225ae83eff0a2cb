import type { Kind } from './kinds.ts';
import type { Lap } from './racer.ts';

/** Updates, and the share of the unseen strings that were wrong after them. */
type Point = readonly [update: number, error: number];

/** Where a network stands in the race. */
export interface Standing {
  readonly kind: Kind;
  readonly units: number;
  readonly seed: number;
  /** The name of the file that it came from. */
  readonly file?: string;
  readonly update: number;
  readonly curve: readonly Point[];
  /** Time of its own turns. */
  readonly seconds: number;
  /** Updates per second in its own turns, of late. */
  readonly speed: number;
  readonly isOver: boolean;
}

export const errorOf = ({ curve }: Standing): number | undefined => curve.at(-1)?.[1];

/** After how many updates less than one in a hundred was wrong, for the first time. */
export const underOne = ({ curve }: Standing): number | undefined =>
  curve.find(([, error]) => error < 0.01)?.[0];

export const entered = (
  kind: Kind,
  { units, seed, file }: { readonly units: number; readonly seed: number; readonly file?: string },
): Standing => ({
  ...{ kind, units, seed, update: 0, curve: [], seconds: 0, speed: 0, isOver: false },
  ...(file !== undefined && { file }),
});

const SHARE_OF_NEW = 0.2;

export function afterLap(standing: Standing, lap: Lap): Standing {
  const { update, error, seconds, isOver } = lap;
  const done = update - standing.update;
  const speed = done > 0 && seconds > 0 ? done / seconds : 0;
  return {
    ...standing,
    update,
    isOver,
    seconds: standing.seconds + seconds,
    curve: error === undefined ? standing.curve : [...standing.curve, [update, error]],
    speed: mixed(standing.speed, speed),
  };
}

const mixed = (old: number, latest: number): number => {
  if (latest === 0) return old;
  return old === 0 ? latest : old + SHARE_OF_NEW * (latest - old);
};
