import { InvalidArgumentError } from 'commander';

/** N rows, columns and frames, of which the first M are seen; a config says how large they may be. */
export interface BoardOption {
  readonly size: number;
  readonly visibleFrames: number;
}

/** Reads a board as the paper names it: `16,3`. */
export function board(text: string): BoardOption {
  const [, size, visibleFrames] = /^(\d{1,4}),(\d{1,4})$/.exec(text) ?? [];
  if (size !== undefined && visibleFrames !== undefined) {
    return { size: Number(size), visibleFrames: Number(visibleFrames) };
  }
  throw new InvalidArgumentError('It must be two numbers, N,M, as 16,3.');
}

export const boardName = ({ size, visibleFrames }: BoardOption): string =>
  `${size},${visibleFrames}`;
