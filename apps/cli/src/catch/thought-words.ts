import type { CatchWorld } from '@fastweights/datasets';
import type { Line } from '../terminal/line.ts';
import { type Recalled, seenShare } from './recall-chart.ts';
import type { Shot } from './watch-show.ts';

// What an agent thinks, in words.

export const signed = (value: number, digits: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What is recalled as the last frame is seen; undefined of a model that cannot show it. */
export function recalledOf({ thought, worlds }: Shot): Recalled | undefined {
  const { size, visibleFrames } = worlds.at(-1) as CatchWorld;
  return thought.recalled && { shares: thought.recalled, frames: size - 1, visibleFrames };
}

/** `96 % from frames 1–3` */
export function recallText(recalled: Recalled | undefined): Line {
  if (!recalled) return [['faint', 'only fast weights show it']];
  const share = seenShare(recalled);
  if (share === undefined) return [['faint', 'nothing yet']];
  const { visibleFrames } = recalled;
  const seen = visibleFrames === 1 ? 'frame 1' : `frames 1–${visibleFrames}`;
  return [
    ['faint', `${percent(share)} from `],
    ['written', seen],
  ];
}
