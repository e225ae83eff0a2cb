// What a matrix's gradient collects over time and batch.

import { ROW } from './lanes';

/** Bytes that are sure to fit the first cache, with room to spare. */
const CACHE: i32 = 24576;

/**
 * gradient[k][i] += Σ over n steps and all lanes of left[k] · right[i]: what a matrix collects over time and batch.
 * `left` and `right` have so many rows a step; the gradient's rows are `rightRows` floats. Of both sides up to three
 * rows beyond the end are read, and thrown away.
 *
 * @param work eight vectors
 */
export function collect(
  gradient: usize,
  left: usize,
  right: usize,
  n: i32,
  leftRows: i32,
  rightRows: i32,
  work: usize,
): void {
  if (n === 0) return;
  const leftStride = leftRows * ROW;
  const rightStride = rightRows * ROW;
  // As much of the right side at a time as stays in the first cache over all steps.
  const block = max(4, (CACHE / (n * ROW)) & ~3);
  for (let first = 0; first < rightRows; first += block) {
    const end = min(first + block, rightRows);
    for (let k = 0; k < leftRows; k += 2) {
      for (let i = first; i < end; i += 4) {
        collectTile(work, left + k * ROW, leftStride, right + i * ROW, rightStride, n);
        const at = gradient + (k * rightRows + i) * 4;
        const columns = min(4, rightRows - i);
        addSums(at, work, columns);
        if (k + 1 < leftRows) addSums(at + rightRows * 4, work + 64, columns);
      }
    }
  }
}

/** Adds the sums across four vectors to four floats, or to as many as there are. */
function addSums(out: usize, from: usize, n: i32): void {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  const sums = f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
  if (n === 4) {
    v128.store(out, f32x4.add(v128.load(out), sums));
    return;
  }
  store<f32>(out, load<f32>(out) + f32x4.extract_lane(sums, 0));
  if (n > 1) store<f32>(out, load<f32>(out, 4) + f32x4.extract_lane(sums, 1), 4);
  if (n > 2) store<f32>(out, load<f32>(out, 8) + f32x4.extract_lane(sums, 2), 8);
}

function collectTile(
  out: usize,
  left: usize,
  leftStride: i32,
  right: usize,
  rightStride: i32,
  n: i32,
): void {
  const zero = f32x4.splat(0);
  let s00 = zero;
  let s01 = zero;
  let s02 = zero;
  let s03 = zero;
  let s10 = zero;
  let s11 = zero;
  let s12 = zero;
  let s13 = zero;
  const leftJump = leftStride - ROW;
  const rightJump = rightStride - ROW;
  for (let i = n * 4; i !== 0; ) {
    const l0 = v128.load(left, 0);
    const l1 = v128.load(left, 64);
    const r0 = v128.load(right, 0);
    s00 = f32x4.add(s00, f32x4.mul(l0, r0));
    s10 = f32x4.add(s10, f32x4.mul(l1, r0));
    const r1 = v128.load(right, 64);
    s01 = f32x4.add(s01, f32x4.mul(l0, r1));
    s11 = f32x4.add(s11, f32x4.mul(l1, r1));
    const r2 = v128.load(right, 128);
    s02 = f32x4.add(s02, f32x4.mul(l0, r2));
    s12 = f32x4.add(s12, f32x4.mul(l1, r2));
    const r3 = v128.load(right, 192);
    s03 = f32x4.add(s03, f32x4.mul(l0, r3));
    s13 = f32x4.add(s13, f32x4.mul(l1, r3));
    i--;
    const jumps = (i & 3) === 0;
    left += 16 + (jumps ? leftJump : 0);
    right += 16 + (jumps ? rightJump : 0);
  }
  v128.store(out, s00, 0);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out, s03, 48);
  v128.store(out, s10, 64);
  v128.store(out, s11, 80);
  v128.store(out, s12, 96);
  v128.store(out, s13, 112);
}
