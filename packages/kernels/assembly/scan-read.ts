// Reading the memory, forward: attention over the slots of the segment, and the matrix of what came before it.

import { copy, ROW } from './lanes';
import { combine, dots } from './memory-products';
import { multiply } from './products';
import { decayRow, strengthRow } from './scan-control';
import {
  controlRows,
  entry,
  firstA,
  H,
  innerKernel,
  matrix,
  pastSlots,
  remembers,
  segmentLength,
  slot,
  slotsBefore,
  window,
} from './scan-sizes';

/** The first step of the segment of step t. */
export function segmentStart(t: i32): i32 {
  return t - (t % segmentLength);
}

export function hasMatrix(t: i32): bool {
  return remembers && (t >= segmentLength || firstA !== 0);
}

export function matrixOf(t: i32): usize {
  return matrix(t / segmentLength);
}

/** The slots of step t's segment that it can read: from the first one up to the last written before it. */
export function firstSlot(t: i32): i32 {
  const start = segmentStart(t);
  return start === 0 ? 0 : pastSlots + entry(slotsBefore, start);
}

export function endSlot(t: i32): i32 {
  return pastSlots + entry(slotsBefore, t);
}

/** The first slot that may still be inside somebody's window: writes are as many as the slots, or fewer. */
export function firstOpenSlot(t: i32): i32 {
  const first = firstSlot(t);
  return window === 0 || controlRows > 1 ? first : max(first, endSlot(t) - window);
}

/** Multiplies what each slot's dot product is by what is left of the slot; rows of closed slots become 0. */
export function weigh(rows: usize, t: i32, work: usize): void {
  const first = firstSlot(t);
  const open = firstOpenSlot(t);
  memory.fill(rows, 0, (open - first) * ROW);
  for (let j = open; j < endSlot(t); j++) {
    strengthRow(work, t, j);
    const at = rows + (j - first) * ROW;
    for (let v = 0; v < ROW; v += 16) {
      v128.store(at + v, f32x4.mul(v128.load(at + v), v128.load(work + v)));
    }
  }
}

/**
 * out = base + A(t) q, or base + U q. The shares of the slots are left in `shareRows`, for the backward pass.
 *
 * @param work two states and a row
 */
export function read(
  out: usize,
  base: usize,
  q: usize,
  t: i32,
  shareRows: usize,
  packedInner: usize,
  work: usize,
): void {
  if (innerKernel) {
    multiply(out, packedInner, q, base, H, H);
    return;
  }
  const size = H * ROW;
  const first = firstSlot(t);
  const open = firstOpenSlot(t);
  const n = remembers ? endSlot(t) - open : 0;
  if (n > 0) {
    const rows = shareRows + (open - first) * ROW;
    dots(rows, slot(open), size, n, q, H);
    weigh(shareRows, t, work);
    combine(out, rows, ROW, slot(open), size, n, base, H);
  } else {
    copy(out, base, H);
  }
  if (hasMatrix(t)) {
    dots(work, matrixOf(t), size, H, q, H);
    decayRow(work + size, segmentStart(t), t);
    scaleAndAdd(out, work, work + size);
  }
}

/** out += from ∘ row */
function scaleAndAdd(out: usize, from: usize, row: usize): void {
  for (let i = 0; i < H * ROW; i += ROW) {
    for (let v = 0; v < ROW; v += 16) {
      const product = f32x4.mul(v128.load(from + i + v), v128.load(row + v));
      v128.store(out + i + v, f32x4.add(v128.load(out + i + v), product));
    }
  }
}
