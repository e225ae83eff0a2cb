/** Lets others have their turn, now and then. */
export interface Breather {
  isDue(): boolean;
  breathe(): Promise<void>;
}

/** Browsers have none, and a timer takes a millisecond at least. */
const turn: (next: () => void) => unknown =
  (globalThis as { setImmediate?: (next: () => void) => unknown }).setImmediate ?? setTimeout;

export const nextTurn = (): Promise<void> => new Promise((resolve) => turn(resolve));

/**
 * Lets signals, timers and a page's drawing have their turn, but only when that is due: reading a result does not, on
 * backends that have it at once.
 */
export function breather(milliseconds = 50): Breather {
  let last = performance.now();
  return {
    isDue: () => performance.now() - last >= milliseconds,
    async breathe() {
      await nextTurn();
      last = performance.now();
    },
  };
}
