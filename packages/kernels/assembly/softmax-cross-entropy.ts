import { exp, log } from './exp';
import { loadPart, storePart } from './parts';

// loss = mean over rows of −log softmax(logits)[label]: logits [rows, classes], labels [rows] of int32.

/**
 * Stores the loss. A label that is none makes it NaN, and its row of what is kept.
 *
 * @param kept where softmax(logits), less 1 at the label, shall stand: the gradient of one row's loss; 0 for nowhere
 * @param scratch room for the exponentials of a row, whole vectors
 */
export function softmaxCrossEntropy(
  logits: usize,
  labels: usize,
  loss: usize,
  kept: usize,
  rows: i32,
  classes: i32,
  scratch: usize,
): void {
  const stride = (<usize>classes) << 2;
  let total: f64 = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const label = load<u32>(labels + (row << 2));
    const keptRow = kept === 0 ? 0 : kept + row * stride;
    total += <f64>rowLoss(logits + row * stride, label, keptRow, classes, scratch);
  }
  store<f32>(loss, <f32>(total / <f64>rows));
}

function rowLoss(logits: usize, label: u32, kept: usize, classes: i32, scratch: usize): f32 {
  // Taken as unsigned, a negative label is too large.
  const isClass = label < <u32>classes;
  const most = maximum(logits, classes);
  let sums = f32x4.splat(0);
  let zeros = sums;
  for (let at = 0; at < classes; at += 4) {
    const left = classes - at;
    const position = (<usize>at) << 2;
    const x = left < 4 ? loadPart(logits + position, left) : v128.load(logits + position);
    const all = exp(f32x4.sub(x, f32x4.splat(most)));
    const e = left < 4 ? firstLanes(all, left) : all;
    v128.store(scratch + position, e);
    sums = f32x4.add(sums, e);
    // Infinite ones make the loss NaN, as 0 · ∞ does in the reference.
    zeros = f32x4.add(zeros, f32x4.mul(x, f32x4.splat(0)));
  }
  const sum = sumOf(sums);
  if (kept !== 0) {
    const scale = f32x4.splat(isClass ? 1 / sum : NaN);
    for (let at = 0; at < classes; at += 4) {
      const left = classes - at;
      const position = (<usize>at) << 2;
      const p = f32x4.mul(v128.load(scratch + position), scale);
      if (left < 4) storePart(kept + position, p, left);
      else v128.store(kept + position, p);
    }
    if (isClass) {
      const place = kept + ((<usize>label) << 2);
      store<f32>(place, load<f32>(place) - 1);
    }
  }
  const atLabel: f32 = isClass ? load<f32>(logits + ((<usize>label) << 2)) : NaN;
  return f32x4.extract_lane(log(f32x4.splat(sum)), 0) - (atLabel - most + sumOf(zeros));
}

/** dlogits = dy / rows · what the forward kept. */
export function softmaxCrossEntropyGrad(
  kept: usize,
  dy: usize,
  dLogits: usize,
  rows: i32,
  classes: i32,
): void {
  const scale = load<f32>(dy) / <f32>rows;
  const bytes = (<usize>(rows * classes)) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(dLogits + at, f32x4.mul(v128.load(kept + at), f32x4.splat(scale)));
  }
  for (; at < bytes; at += 4) store<f32>(dLogits + at, load<f32>(kept + at) * scale);
}

/** The greatest of some numbers; NaN among them may be passed over: it comes back with its own exponential. */
function maximum(from: usize, count: i32): f32 {
  let greatest = f32x4.splat(-Infinity);
  let at = from;
  let left = count;
  for (; left >= 4; left -= 4, at += 16) greatest = f32x4.pmax(greatest, v128.load(at));
  let result = max(
    max(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
    max(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)),
  );
  for (; left > 0; left--, at += 4) result = max(result, load<f32>(at));
  return result;
}

/** The same first lanes, and 0 in the others. */
function firstLanes(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

function sumOf(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
