// All products of rows of 16 lanes (see lanes.ts) that the recurrences need, three rows of results at a time: with four
// vectors a row, that is as many sums as there are registers for.

import { across, ROW } from './lanes';

/** Bytes that are sure to fit the first cache, with room to spare. */
const CACHE: i32 = 24576;

/** Floats of a packed matrix of so many rows and columns. */
export function packedSize(rows: i32, columns: i32): i32 {
  return ((rows + 2) / 3) * 3 * columns;
}

/** A matrix's rows by threes, as `multiply` wants them: packed[r / 3][c][r % 3] = matrix[r][c], zero beyond. */
export function pack(
  out: usize,
  matrix: usize,
  rows: i32,
  columns: i32,
  rowStride: i32,
  columnStride: i32,
): void {
  for (let r = 0; r < rows; r += 3) {
    for (let c = 0; c < columns; c++) {
      const from = matrix + r * rowStride + c * columnStride;
      store<f32>(out, load<f32>(from));
      store<f32>(out, r + 1 < rows ? load<f32>(from + rowStride) : 0, 4);
      store<f32>(out, r + 2 < rows ? load<f32>(from + 2 * rowStride) : 0, 8);
      out += 12;
    }
  }
}

/** out[r] = base[r] + Σ_c matrix[r][c] · x[c]; a base of 0 is none. `out` may be `base`. */
export function multiply(
  out: usize,
  packed: usize,
  x: usize,
  base: usize,
  rows: i32,
  columns: i32,
): void {
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r += 3) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    const at = out + r * ROW;
    if (base) {
      const from = base + r * ROW;
      a0 = v128.load(from); a1 = v128.load(from, 16); a2 = v128.load(from, 32); a3 = v128.load(from, 48);
      if (r + 1 < rows) {
        b0 = v128.load(from, 64); b1 = v128.load(from, 80); b2 = v128.load(from, 96); b3 = v128.load(from, 112);
      }
      if (r + 2 < rows) {
        c0 = v128.load(from, 128); c1 = v128.load(from, 144); c2 = v128.load(from, 160); c3 = v128.load(from, 176);
      }
    }
    let p = packed + r * columns * 4;
    const end = x + columns * ROW;
    for (let q = x; q < end; q += ROW, p += 12) {
      const x0 = v128.load(q), x1 = v128.load(q, 16), x2 = v128.load(q, 32), x3 = v128.load(q, 48);
      const wa = v128.load32_splat(p);
      a0 = f32x4.add(a0, f32x4.mul(wa, x0));
      a1 = f32x4.add(a1, f32x4.mul(wa, x1));
      a2 = f32x4.add(a2, f32x4.mul(wa, x2));
      a3 = f32x4.add(a3, f32x4.mul(wa, x3));
      const wb = v128.load32_splat(p, 4);
      b0 = f32x4.add(b0, f32x4.mul(wb, x0));
      b1 = f32x4.add(b1, f32x4.mul(wb, x1));
      b2 = f32x4.add(b2, f32x4.mul(wb, x2));
      b3 = f32x4.add(b3, f32x4.mul(wb, x3));
      const wc = v128.load32_splat(p, 8);
      c0 = f32x4.add(c0, f32x4.mul(wc, x0));
      c1 = f32x4.add(c1, f32x4.mul(wc, x1));
      c2 = f32x4.add(c2, f32x4.mul(wc, x2));
      c3 = f32x4.add(c3, f32x4.mul(wc, x3));
    }
    v128.store(at, a0); v128.store(at, a1, 16); v128.store(at, a2, 32); v128.store(at, a3, 48);
    if (r + 1 < rows) {
      v128.store(at, b0, 64); v128.store(at, b1, 80); v128.store(at, b2, 96); v128.store(at, b3, 112);
    }
    if (r + 2 < rows) {
      v128.store(at, c0, 128); v128.store(at, c1, 144); v128.store(at, c2, 160); v128.store(at, c3, 176);
    }
  }
}

/** out[j] = ⟨vectors[j], q⟩, a row each, of n vectors that are `stride` bytes apart. */
export function dots(out: usize, vectors: usize, stride: i32, n: i32, q: usize, units: i32): void {
  const zero = f32x4.splat(0);
  const size = units * ROW;
  let j = 0;
  for (; j + 3 <= n; j += 3) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    const a = vectors + j * stride;
    const b = a + stride;
    const c = b + stride;
    for (let i = 0; i < size; i += ROW) {
      const x = q + i;
      const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
      a0 = f32x4.add(a0, f32x4.mul(x0, v128.load(a + i)));
      a1 = f32x4.add(a1, f32x4.mul(x1, v128.load(a + i, 16)));
      a2 = f32x4.add(a2, f32x4.mul(x2, v128.load(a + i, 32)));
      a3 = f32x4.add(a3, f32x4.mul(x3, v128.load(a + i, 48)));
      b0 = f32x4.add(b0, f32x4.mul(x0, v128.load(b + i)));
      b1 = f32x4.add(b1, f32x4.mul(x1, v128.load(b + i, 16)));
      b2 = f32x4.add(b2, f32x4.mul(x2, v128.load(b + i, 32)));
      b3 = f32x4.add(b3, f32x4.mul(x3, v128.load(b + i, 48)));
      c0 = f32x4.add(c0, f32x4.mul(x0, v128.load(c + i)));
      c1 = f32x4.add(c1, f32x4.mul(x1, v128.load(c + i, 16)));
      c2 = f32x4.add(c2, f32x4.mul(x2, v128.load(c + i, 32)));
      c3 = f32x4.add(c3, f32x4.mul(x3, v128.load(c + i, 48)));
    }
    const at = out + j * ROW;
    v128.store(at, a0); v128.store(at, a1, 16); v128.store(at, a2, 32); v128.store(at, a3, 48);
    v128.store(at, b0, 64); v128.store(at, b1, 80); v128.store(at, b2, 96); v128.store(at, b3, 112);
    v128.store(at, c0, 128); v128.store(at, c1, 144); v128.store(at, c2, 160); v128.store(at, c3, 176);
  }
  for (; j < n; j++) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    const a = vectors + j * stride;
    for (let i = 0; i < size; i += ROW) {
      const x = q + i;
      a0 = f32x4.add(a0, f32x4.mul(v128.load(x), v128.load(a + i)));
      a1 = f32x4.add(a1, f32x4.mul(v128.load(x, 16), v128.load(a + i, 16)));
      a2 = f32x4.add(a2, f32x4.mul(v128.load(x, 32), v128.load(a + i, 32)));
      a3 = f32x4.add(a3, f32x4.mul(v128.load(x, 48), v128.load(a + i, 48)));
    }
    const at = out + j * ROW;
    v128.store(at, a0); v128.store(at, a1, 16); v128.store(at, a2, 32); v128.store(at, a3, 48);
  }
}

/** out = base + Σ_j weights[j] ∘ vectors[j]; the weights are rows. A base of 0 is none; `out` may be `base`. */
export function combine(
  out: usize,
  weights: usize,
  weightStride: i32,
  vectors: usize,
  vectorStride: i32,
  n: i32,
  base: usize,
  units: i32,
): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 3 <= units; i += 3) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    if (base) {
      const from = base + i * ROW;
      a0 = v128.load(from, 0); a1 = v128.load(from, 16); a2 = v128.load(from, 32); a3 = v128.load(from, 48);
      b0 = v128.load(from, 64); b1 = v128.load(from, 80); b2 = v128.load(from, 96); b3 = v128.load(from, 112);
      c0 = v128.load(from, 128); c1 = v128.load(from, 144); c2 = v128.load(from, 160); c3 = v128.load(from, 176);
    }
    let w = weights;
    let x = vectors + i * ROW;
    for (let j = 0; j < n; j++) {
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
      a0 = f32x4.add(a0, f32x4.mul(w0, v128.load(x, 0)));
      a1 = f32x4.add(a1, f32x4.mul(w1, v128.load(x, 16)));
      a2 = f32x4.add(a2, f32x4.mul(w2, v128.load(x, 32)));
      a3 = f32x4.add(a3, f32x4.mul(w3, v128.load(x, 48)));
      b0 = f32x4.add(b0, f32x4.mul(w0, v128.load(x, 64)));
      b1 = f32x4.add(b1, f32x4.mul(w1, v128.load(x, 80)));
      b2 = f32x4.add(b2, f32x4.mul(w2, v128.load(x, 96)));
      b3 = f32x4.add(b3, f32x4.mul(w3, v128.load(x, 112)));
      c0 = f32x4.add(c0, f32x4.mul(w0, v128.load(x, 128)));
      c1 = f32x4.add(c1, f32x4.mul(w1, v128.load(x, 144)));
      c2 = f32x4.add(c2, f32x4.mul(w2, v128.load(x, 160)));
      c3 = f32x4.add(c3, f32x4.mul(w3, v128.load(x, 176)));
      w += weightStride;
      x += vectorStride;
    }
    const at = out + i * ROW;
    v128.store(at, a0, 0); v128.store(at, a1, 16); v128.store(at, a2, 32); v128.store(at, a3, 48);
    v128.store(at, b0, 64); v128.store(at, b1, 80); v128.store(at, b2, 96); v128.store(at, b3, 112);
    v128.store(at, c0, 128); v128.store(at, c1, 144); v128.store(at, c2, 160); v128.store(at, c3, 176);
  }
  for (; i < units; i++) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    if (base) {
      const from = base + i * ROW;
      a0 = v128.load(from, 0); a1 = v128.load(from, 16); a2 = v128.load(from, 32); a3 = v128.load(from, 48);
    }
    let w = weights;
    let x = vectors + i * ROW;
    for (let j = 0; j < n; j++) {
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
      a0 = f32x4.add(a0, f32x4.mul(w0, v128.load(x, 0)));
      a1 = f32x4.add(a1, f32x4.mul(w1, v128.load(x, 16)));
      a2 = f32x4.add(a2, f32x4.mul(w2, v128.load(x, 32)));
      a3 = f32x4.add(a3, f32x4.mul(w3, v128.load(x, 48)));
      w += weightStride;
      x += vectorStride;
    }
    const at = out + i * ROW;
    v128.store(at, a0, 0); v128.store(at, a1, 16); v128.store(at, a2, 32); v128.store(at, a3, 48);
  }
}

/**
 * gradient[k][i] += Σ over n steps and all lanes of left[k] · right[i]: what a matrix collects over time and batch.
 * `left` and `right` have so many rows a step; the gradient's rows are `rightRows` floats.
 */
export function collect(
  gradient: usize,
  left: usize,
  right: usize,
  n: i32,
  leftRows: i32,
  rightRows: i32,
): void {
  if (n == 0) return;
  const wholeLeft = leftRows - (leftRows % 3);
  const wholeRight = rightRows - (rightRows % 4);
  // As much of the right side at a time as stays in the first cache over all steps.
  const block = max(4, (CACHE / (n * ROW)) & ~3);
  for (let first = 0; first < wholeRight; first += block) {
    const end = min(first + block, wholeRight);
    for (let k = 0; k < wholeLeft; k += 3) {
      for (let i = first; i < end; i += 4) {
        collectTile(gradient, left, right, n, leftRows, rightRows, k, i);
      }
    }
  }
  for (let k = 0; k < leftRows; k++) {
    const from = k < wholeLeft ? wholeRight : 0;
    for (let i = from; i < rightRows; i++) {
      collectOne(gradient, left, right, n, leftRows, rightRows, k, i);
    }
  }
}

function collectTile(
  gradient: usize,
  left: usize,
  right: usize,
  n: i32,
  leftRows: i32,
  rightRows: i32,
  k: i32,
  i: i32,
): void {
  const zero = f32x4.splat(0);
  const leftStride = leftRows * ROW;
  const rightStride = rightRows * ROW;
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero;
  let s10 = zero, s11 = zero, s12 = zero, s13 = zero;
  let s20 = zero, s21 = zero, s22 = zero, s23 = zero;
  let fromLeft = left + k * ROW;
  let fromRight = right + i * ROW;
  for (let t = 0; t < n; t++) {
    const end = fromLeft + ROW;
    let r = fromRight;
    for (let l = fromLeft; l < end; l += 16) {
      const l0 = v128.load(l);
      const l1 = v128.load(l, 64);
      const l2 = v128.load(l, 128);
      const r0 = v128.load(r, 0);
      s00 = f32x4.add(s00, f32x4.mul(l0, r0));
      s10 = f32x4.add(s10, f32x4.mul(l1, r0));
      s20 = f32x4.add(s20, f32x4.mul(l2, r0));
      const r1 = v128.load(r, 64);
      s01 = f32x4.add(s01, f32x4.mul(l0, r1));
      s11 = f32x4.add(s11, f32x4.mul(l1, r1));
      s21 = f32x4.add(s21, f32x4.mul(l2, r1));
      const r2 = v128.load(r, 128);
      s02 = f32x4.add(s02, f32x4.mul(l0, r2));
      s12 = f32x4.add(s12, f32x4.mul(l1, r2));
      s22 = f32x4.add(s22, f32x4.mul(l2, r2));
      const r3 = v128.load(r, 192);
      s03 = f32x4.add(s03, f32x4.mul(l0, r3));
      s13 = f32x4.add(s13, f32x4.mul(l1, r3));
      s23 = f32x4.add(s23, f32x4.mul(l2, r3));
      r += 16;
    }
    fromLeft += leftStride;
    fromRight += rightStride;
  }
  const stride = rightRows * 4;
  const at = gradient + k * stride + i * 4;
  v128.store(at, f32x4.add(v128.load(at), sums(s00, s01, s02, s03)));
  v128.store(at + stride, f32x4.add(v128.load(at + stride), sums(s10, s11, s12, s13)));
  const last = at + 2 * stride;
  v128.store(last, f32x4.add(v128.load(last), sums(s20, s21, s22, s23)));
}

function collectOne(
  gradient: usize,
  left: usize,
  right: usize,
  n: i32,
  leftRows: i32,
  rightRows: i32,
  k: i32,
  i: i32,
): void {
  const zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
  let l = left + k * ROW;
  let r = right + i * ROW;
  for (let t = 0; t < n; t++) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(l), v128.load(r)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(l, 16), v128.load(r, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(l, 32), v128.load(r, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(l, 48), v128.load(r, 48)));
    l += leftRows * ROW;
    r += rightRows * ROW;
  }
  const at = gradient + (k * rightRows + i) * 4;
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  store<f32>(at, load<f32>(at) + across(sum));
}

/** The sums across four vectors, as one. */
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
}
