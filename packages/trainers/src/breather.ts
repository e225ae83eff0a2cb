/**
 * Lets signals, timers and a page's drawing have their turn, but only when that is due: reading a result does not, on
 * backends that have it at once.
 */
export function breather(milliseconds = 50): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < milliseconds) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
