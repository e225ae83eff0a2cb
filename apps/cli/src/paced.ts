/** Answers yes no more often than that, in ms. */
export function paced(between: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < between) return false;
    last = now;
    return true;
  };
}
