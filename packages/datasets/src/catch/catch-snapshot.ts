import { checkInteger, checkKeys, OptionError } from '@fastweights/core';

/** All that an environment's worlds do not owe to their seed. */
export interface CatchSnapshot {
  readonly size: number;
  readonly visibleFrames: number;
  readonly seed: number;
  /** Episodes that have ended since the reset. */
  readonly episode: number;
  /** 1 to `size` − 1. */
  readonly frame: number;
  /** The column of each paddle's left pixel. */
  readonly paddles: readonly number[];
  /** The same at the end of the episode before; empty in the first. */
  readonly finishedPaddles: readonly number[];
}

const KEYS = [
  'size',
  'visibleFrames',
  'seed',
  'episode',
  'frame',
  'paddles',
  'finishedPaddles',
] as const satisfies readonly (keyof CatchSnapshot)[];

type Sizes = Readonly<Record<'size' | 'visibleFrames' | 'batchSize', number>>;

/** Throws unless a snapshot, which may come from a file, is one of an environment of these sizes. */
export function checkSnapshot(
  snapshot: CatchSnapshot,
  { size, visibleFrames, batchSize }: Sizes,
): void {
  checkKeys('a snapshot of Catch', snapshot, KEYS);
  for (const [key, own] of Object.entries({ size, visibleFrames })) {
    const other = snapshot[key as 'size' | 'visibleFrames'];
    if (other !== own) {
      throw new OptionError(`snapshot.${key}`, `${own}, as in this environment`, `${other}`);
    }
  }
  const { seed, episode, frame, paddles, finishedPaddles } = snapshot;
  checkInteger('snapshot.seed', seed, 0);
  checkInteger('snapshot.episode', episode, 0);
  checkInteger('snapshot.frame', frame, 1);
  if (frame >= size) throw new OptionError('snapshot.frame', `at most ${size - 1}`, `${frame}`);
  checkColumns('snapshot.paddles', paddles, batchSize, size);
  checkColumns('snapshot.finishedPaddles', finishedPaddles, episode > 0 ? batchSize : 0, size);
}

function checkColumns(name: string, columns: readonly number[], count: number, size: number): void {
  const isColumn = (x: number): boolean => Number.isInteger(x) && x >= 0 && x <= size - 2;
  if (!Array.isArray(columns) || columns.length !== count || !columns.every(isColumn)) {
    const expected = `${count} columns from 0 to ${size - 2}`;
    throw new OptionError(name, expected, JSON.stringify(columns) ?? 'missing');
  }
}
