/**
 * One world at one frame. Frames count from 1 to `size`: in frame t the ball is in row t, so it reaches the bottom row in
 * the last.
 */
export interface CatchWorld {
  /** N: rows and columns of the screen, and frames of an episode. */
  readonly size: number;
  /** M: frames after this one are blank. */
  readonly visibleFrames: number;
  readonly frame: number;
  /** The ball's column, from 0. */
  readonly ball: number;
  /** The column of the paddle's left pixel, 0 to `size` − 2; the other is to its right. */
  readonly paddle: number;
}

/** Whether the paddle is under the ball's column. */
export function isUnder(paddle: number, ball: number): boolean {
  return ball === paddle || ball === paddle + 1;
}

export type CatchPixel = 'empty' | 'ball' | 'paddle';

/** What is on the screen, row by row, whether or not an agent may see it. */
export function catchScreen({ size, frame, ball, paddle }: CatchWorld): CatchPixel[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => {
      if (row === frame - 1 && column === ball) return 'ball';
      return row === size - 1 && isUnder(paddle, column) ? 'paddle' : 'empty';
    }),
  );
}
