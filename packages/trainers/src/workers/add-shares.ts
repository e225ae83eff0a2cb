import type { Slot } from './group-memory.ts';

/**
 * values[i] = Σ slot[i] over all slots in their order; from number `from` on, each slot's numbers count as often as its share
 * says. The same slots always give the same bits.
 */
export function addShares(values: Float32Array, slots: readonly Slot[], from: number): void {
  const weighed = Math.min(Math.max(from, 0), values.length);
  sumRange(values, slots, 0, weighed, () => 1);
  sumRange(values, slots, weighed, values.length, ({ share }) => share[0] as number);
}

function sumRange(
  values: Float32Array,
  slots: readonly Slot[],
  begin: number,
  end: number,
  shareOf: (slot: Slot) => number,
): void {
  const [first, second, ...others] = slots as readonly [Slot, ...Slot[]];
  const share = shareOf(first);
  if (second) addTwo(values, first.values, share, second.values, shareOf(second), begin, end);
  else for (let i = begin; i < end; i++) values[i] = share * (first.values[i] as number);
  for (const other of others) addOne(values, other.values, shareOf(other), begin, end);
}

/** Two at once, the most common group: half as often through memory. */
function addTwo(
  values: Float32Array,
  a: Float32Array,
  shareOfA: number,
  b: Float32Array,
  shareOfB: number,
  begin: number,
  end: number,
): void {
  let i = begin;
  // Four in a turn: that takes two thirds of the time.
  for (; i + 3 < end; i += 4) {
    values[i] = shareOfA * (a[i] as number) + shareOfB * (b[i] as number);
    values[i + 1] = shareOfA * (a[i + 1] as number) + shareOfB * (b[i + 1] as number);
    values[i + 2] = shareOfA * (a[i + 2] as number) + shareOfB * (b[i + 2] as number);
    values[i + 3] = shareOfA * (a[i + 3] as number) + shareOfB * (b[i + 3] as number);
  }
  for (; i < end; i++) {
    values[i] = shareOfA * (a[i] as number) + shareOfB * (b[i] as number);
  }
}

function addOne(
  values: Float32Array,
  a: Float32Array,
  share: number,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i++) values[i] = (values[i] as number) + share * (a[i] as number);
}
