import type { Line, Style } from '../terminal/line.ts';
import { type Cell, spansOf } from '../terminal/spans.ts';

export interface Recalled {
  /** The share of each frame so far. */
  readonly shares: readonly number[];
  /** Moves of an episode: so many frames can be written. */
  readonly frames: number;
  readonly visibleFrames: number;
}

const BARS = ' ▁▂▃▄▅▆▇█';
const LEVELS = BARS.length - 1;

/**
 * A bar for each frame, the highest for the one that most is read from, and beneath them which were seen (a line), which
 * were blank (fog), and which are still to come.
 */
export function recallChart(recalled: Recalled, columns: number, height: number): Line[] {
  const { frames, visibleFrames } = recalled;
  const perBar = Math.ceil(frames / columns);
  const width = perBar > 1 ? 1 : Math.min(2, Math.floor(columns / frames));
  const bars = Array.from({ length: Math.ceil(frames / perBar) }, (_, i) => {
    const shares = recalled.shares.slice(i * perBar, (i + 1) * perBar);
    const isSeen = i * perBar < visibleFrames;
    return {
      share: shares.reduce((sum, share) => sum + share, 0),
      isSeen,
      isPast: shares.length > 0,
    };
  });
  const most = Math.max(...bars.map(({ share }) => share));
  const levels = bars.map(({ share }) =>
    most > 0 ? Math.round((share / most) * height * LEVELS) : 0,
  );
  const style = (isSeen: boolean): Style => (isSeen ? 'written' : 'read');
  const rows = Array.from({ length: height }, (_, row): Cell[] => {
    const below = (height - 1 - row) * LEVELS;
    return bars.map(({ isSeen }, i) => {
      const level = Math.min(Math.max((levels[i] ?? 0) - below, 0), LEVELS);
      return [style(isSeen), (BARS[level] ?? '').padEnd(width)];
    });
  });
  const ground = bars.map(({ isSeen, isPast }): Cell => {
    const mark = isPast ? (isSeen ? '━' : '░') : '·';
    return [
      isPast && isSeen ? 'written' : 'faint',
      isPast ? mark.repeat(width) : mark.padEnd(width),
    ];
  });
  return [...rows, ground].map(spansOf);
}

/** How much of it is from frames that were seen, from 0 to 1; undefined where nothing is read. */
export function seenShare({ shares, visibleFrames }: Recalled): number | undefined {
  if (shares.every((share) => share === 0)) return undefined;
  return shares.slice(0, visibleFrames).reduce((sum, share) => sum + share, 0);
}
