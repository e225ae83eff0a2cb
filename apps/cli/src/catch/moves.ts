import { catchActions } from '@fastweights/datasets';

/** Keys that come sooner than this, in ms, are those of a key that is held: fingers are slower, and some terminals too. */
const REPEAT_MS = 100;

export type Direction = 'left' | 'right';

/** What has been asked for and not been done: the paddle moves by one pixel per frame, fingers are faster. */
export interface Moves {
  press(direction: Direction, now: number): void;
  /** Forgets what is left. */
  clear(): void;
  /** Takes the next one: an action. */
  take(): number;
  /** How many are left: to the left below zero. */
  left(): number;
}

/**
 * Three strokes are three moves, over three frames; a key that is held goes on moving, and stops when it is released. A
 * stroke the other way takes back one that is left.
 */
export function pendingMoves(): Moves {
  let left = 0;
  let last: { readonly direction: Direction; readonly at: number } | undefined;
  return {
    press(direction, now) {
      const isHeld = last?.direction === direction && now - last.at < REPEAT_MS;
      last = { direction, at: now };
      const sign = direction === 'left' ? -1 : 1;
      if (!isHeld || left === 0) left += sign;
    },
    clear() {
      left = 0;
    },
    take() {
      const sign = Math.sign(left);
      left -= sign;
      return sign < 0 ? catchActions.left : sign > 0 ? catchActions.right : catchActions.stay;
    },
    left: () => left,
  };
}
