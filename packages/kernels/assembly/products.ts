// All products of rows of 16 lanes (see lanes.ts) that the recurrences need. Half a row (two vectors) of five results at
// a time: ten sums are as many as stay in registers beside what they are made of. The sums go straight to memory after
// their loop: any arithmetic between the two makes V8 load everything first, and spill (matmul-tiles.ts too).

import { ROW } from './lanes';

const HALF: i32 = 32;
const TILE: i32 = 5;

/** Bytes that are sure to fit the first cache, with room to spare. */
const CACHE: i32 = 24576;

/** Floats of a packed matrix of so many rows and columns, and of what follows on aligned. */
export function packedSize(rows: i32, columns: i32): i32 {
  return (((rows + TILE - 1) / TILE) * TILE * columns + 15) & ~15;
}

/** A matrix's rows by fives, as `multiply` wants them: packed[r / 5][c][r % 5] = matrix[r][c], zero beyond. */
export function pack(
  out: usize,
  matrix: usize,
  rows: i32,
  columns: i32,
  rowStride: i32,
  columnStride: i32,
): void {
  for (let first = 0; first < rows; first += TILE) {
    for (let c = 0; c < columns; c++) {
      for (let r = first; r < first + TILE; r++) {
        const value = r < rows ? load<f32>(matrix + r * rowStride + c * columnStride) : 0;
        store<f32>(out, value);
        out += 4;
      }
    }
  }
}

/** Where sums begin: at the base, or at zeros where they will be. */
function begin(out: usize, base: usize, rows: i32): usize {
  if (base !== 0) return base;
  memory.fill(out, 0, rows * ROW);
  return out;
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
  const from = begin(out, base, rows);
  const whole = rows - (rows % TILE);
  for (let r = 0; r < whole; r += TILE) {
    const p = packed + r * columns * 4;
    const at = r * ROW;
    multiplyTile(out + at, from + at, p, x, columns);
    multiplyTile(out + at + HALF, from + at + HALF, p, x + HALF, columns);
  }
  for (let r = whole; r < rows; r++) {
    const at = r * ROW;
    multiplyRow(out + at, from + at, packed + (whole * columns + (r - whole)) * 4, x, columns);
  }
}

function multiplyTile(out: usize, from: usize, p: usize, x: usize, columns: i32): void {
  let a0 = v128.load(from, 0);
  let a1 = v128.load(from, 16);
  let b0 = v128.load(from, 64);
  let b1 = v128.load(from, 80);
  let c0 = v128.load(from, 128);
  let c1 = v128.load(from, 144);
  let d0 = v128.load(from, 192);
  let d1 = v128.load(from, 208);
  let e0 = v128.load(from, 256);
  let e1 = v128.load(from, 272);
  const end = x + columns * ROW;
  for (; x < end; x += ROW) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const wa = v128.load32_splat(p, 0);
    a0 = f32x4.add(a0, f32x4.mul(wa, x0));
    a1 = f32x4.add(a1, f32x4.mul(wa, x1));
    const wb = v128.load32_splat(p, 4);
    b0 = f32x4.add(b0, f32x4.mul(wb, x0));
    b1 = f32x4.add(b1, f32x4.mul(wb, x1));
    const wc = v128.load32_splat(p, 8);
    c0 = f32x4.add(c0, f32x4.mul(wc, x0));
    c1 = f32x4.add(c1, f32x4.mul(wc, x1));
    const wd = v128.load32_splat(p, 12);
    d0 = f32x4.add(d0, f32x4.mul(wd, x0));
    d1 = f32x4.add(d1, f32x4.mul(wd, x1));
    const we = v128.load32_splat(p, 16);
    e0 = f32x4.add(e0, f32x4.mul(we, x0));
    e1 = f32x4.add(e1, f32x4.mul(we, x1));
    p += 4 * TILE;
  }
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, d0, 192);
  v128.store(out, d1, 208);
  v128.store(out, e0, 256);
  v128.store(out, e1, 272);
}

function multiplyRow(out: usize, from: usize, p: usize, x: usize, columns: i32): void {
  let a0 = v128.load(from);
  let a1 = v128.load(from, 16);
  let a2 = v128.load(from, 32);
  let a3 = v128.load(from, 48);
  const end = x + columns * ROW;
  for (; x < end; x += ROW) {
    const w = v128.load32_splat(p);
    a0 = f32x4.add(a0, f32x4.mul(w, v128.load(x)));
    a1 = f32x4.add(a1, f32x4.mul(w, v128.load(x, 16)));
    a2 = f32x4.add(a2, f32x4.mul(w, v128.load(x, 32)));
    a3 = f32x4.add(a3, f32x4.mul(w, v128.load(x, 48)));
    p += 4 * TILE;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
}

/** out[j] = ⟨vectors[j], q⟩, a row each, of n vectors that are `stride` bytes apart. */
export function dots(out: usize, vectors: usize, stride: i32, n: i32, q: usize, units: i32): void {
  memory.fill(out, 0, n * ROW);
  const whole = n - (n % TILE);
  for (let j = 0; j < whole; j += TILE) {
    dotsTile(out + j * ROW, vectors + j * stride, stride, q, units);
    dotsTile(out + j * ROW + HALF, vectors + j * stride + HALF, stride, q + HALF, units);
  }
  for (let j = whole; j < n; j++) dot(out + j * ROW, vectors + j * stride, q, units);
}

function dotsTile(out: usize, a: usize, stride: i32, q: usize, units: i32): void {
  let a0 = v128.load(out, 0);
  let a1 = v128.load(out, 16);
  let b0 = v128.load(out, 64);
  let b1 = v128.load(out, 80);
  let c0 = v128.load(out, 128);
  let c1 = v128.load(out, 144);
  let d0 = v128.load(out, 192);
  let d1 = v128.load(out, 208);
  let e0 = v128.load(out, 256);
  let e1 = v128.load(out, 272);
  const b = a + stride - q;
  const c = b + stride;
  const d = c + stride;
  const e = d + stride;
  const end = q + units * ROW;
  const first = a - q;
  for (; q < end; q += ROW) {
    const q0 = v128.load(q);
    const q1 = v128.load(q, 16);
    a0 = f32x4.add(a0, f32x4.mul(q0, v128.load(q + first)));
    a1 = f32x4.add(a1, f32x4.mul(q1, v128.load(q + first, 16)));
    b0 = f32x4.add(b0, f32x4.mul(q0, v128.load(q + b)));
    b1 = f32x4.add(b1, f32x4.mul(q1, v128.load(q + b, 16)));
    c0 = f32x4.add(c0, f32x4.mul(q0, v128.load(q + c)));
    c1 = f32x4.add(c1, f32x4.mul(q1, v128.load(q + c, 16)));
    d0 = f32x4.add(d0, f32x4.mul(q0, v128.load(q + d)));
    d1 = f32x4.add(d1, f32x4.mul(q1, v128.load(q + d, 16)));
    e0 = f32x4.add(e0, f32x4.mul(q0, v128.load(q + e)));
    e1 = f32x4.add(e1, f32x4.mul(q1, v128.load(q + e, 16)));
  }
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, d0, 192);
  v128.store(out, d1, 208);
  v128.store(out, e0, 256);
  v128.store(out, e1, 272);
}

function dot(out: usize, a: usize, q: usize, units: i32): void {
  let a0 = v128.load(out);
  let a1 = v128.load(out, 16);
  let a2 = v128.load(out, 32);
  let a3 = v128.load(out, 48);
  const end = q + units * ROW;
  for (; q < end; q += ROW) {
    a0 = f32x4.add(a0, f32x4.mul(v128.load(q), v128.load(a)));
    a1 = f32x4.add(a1, f32x4.mul(v128.load(q, 16), v128.load(a, 16)));
    a2 = f32x4.add(a2, f32x4.mul(v128.load(q, 32), v128.load(a, 32)));
    a3 = f32x4.add(a3, f32x4.mul(v128.load(q, 48), v128.load(a, 48)));
    a += ROW;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
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
  const from = begin(out, base, units);
  let i = 0;
  for (; i + TILE <= units; i += TILE) {
    const at = i * ROW;
    const x = vectors + at;
    combineTile(out + at, from + at, weights, weightStride, x, vectorStride, n);
    combineTile(
      out + at + HALF,
      from + at + HALF,
      weights + HALF,
      weightStride,
      x + HALF,
      vectorStride,
      n,
    );
  }
  for (; i < units; i++) {
    const at = i * ROW;
    combineRow(out + at, from + at, weights, weightStride, vectors + at, vectorStride, n);
  }
}

function combineTile(
  out: usize,
  from: usize,
  w: usize,
  weightStride: i32,
  x: usize,
  vectorStride: i32,
  n: i32,
): void {
  let a0 = v128.load(from, 0);
  let a1 = v128.load(from, 16);
  let b0 = v128.load(from, 64);
  let b1 = v128.load(from, 80);
  let c0 = v128.load(from, 128);
  let c1 = v128.load(from, 144);
  let d0 = v128.load(from, 192);
  let d1 = v128.load(from, 208);
  let e0 = v128.load(from, 256);
  let e1 = v128.load(from, 272);
  for (let j = 0; j < n; j++) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    a0 = f32x4.add(a0, f32x4.mul(w0, v128.load(x, 0)));
    a1 = f32x4.add(a1, f32x4.mul(w1, v128.load(x, 16)));
    b0 = f32x4.add(b0, f32x4.mul(w0, v128.load(x, 64)));
    b1 = f32x4.add(b1, f32x4.mul(w1, v128.load(x, 80)));
    c0 = f32x4.add(c0, f32x4.mul(w0, v128.load(x, 128)));
    c1 = f32x4.add(c1, f32x4.mul(w1, v128.load(x, 144)));
    d0 = f32x4.add(d0, f32x4.mul(w0, v128.load(x, 192)));
    d1 = f32x4.add(d1, f32x4.mul(w1, v128.load(x, 208)));
    e0 = f32x4.add(e0, f32x4.mul(w0, v128.load(x, 256)));
    e1 = f32x4.add(e1, f32x4.mul(w1, v128.load(x, 272)));
    w += weightStride;
    x += vectorStride;
  }
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, d0, 192);
  v128.store(out, d1, 208);
  v128.store(out, e0, 256);
  v128.store(out, e1, 272);
}

function combineRow(
  out: usize,
  from: usize,
  w: usize,
  weightStride: i32,
  x: usize,
  vectorStride: i32,
  n: i32,
): void {
  let a0 = v128.load(from);
  let a1 = v128.load(from, 16);
  let a2 = v128.load(from, 32);
  let a3 = v128.load(from, 48);
  for (let j = 0; j < n; j++) {
    a0 = f32x4.add(a0, f32x4.mul(v128.load(w), v128.load(x)));
    a1 = f32x4.add(a1, f32x4.mul(v128.load(w, 16), v128.load(x, 16)));
    a2 = f32x4.add(a2, f32x4.mul(v128.load(w, 32), v128.load(x, 32)));
    a3 = f32x4.add(a3, f32x4.mul(v128.load(w, 48), v128.load(x, 48)));
    w += weightStride;
    x += vectorStride;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
}

/**
 * out += Σ_r left[r] ∘ g[r] + right[r] ∘ q[r]: what n reads of the memory give back to a slot. The weights are rows, g and q
 * states.
 */
export function pull(
  out: usize,
  left: usize,
  right: usize,
  stride: i32,
  g: usize,
  q: usize,
  n: i32,
  units: i32,
): void {
  combine(out, left, stride, g, units * ROW, n, out, units);
  combine(out, right, stride, q, units * ROW, n, out, units);
}

/** The same for two slots, one behind the other: what is loaded of g and q serves both. */
export function pullPair(
  first: usize,
  second: usize,
  left: usize,
  right: usize,
  stride: i32,
  g: usize,
  q: usize,
  n: i32,
  units: i32,
): void {
  const state = units * ROW;
  let r = 0;
  for (; r + 2 <= n; r += 2) {
    for (let v = 0; v < ROW; v += 16) {
      pullTwoReads(first + v, second + v, left + v, right + v, stride, g + v, q + v, state);
    }
    left += 2 * stride;
    right += 2 * stride;
    g += 2 * state;
    q += 2 * state;
  }
  if (r === n) return;
  combine(first, left, stride, g, state, 1, first, units);
  combine(first, right, stride, q, state, 1, first, units);
  combine(second, left + ROW, stride, g, state, 1, second, units);
  combine(second, right + ROW, stride, q, state, 1, second, units);
}

/** One vector of every row. */
function pullTwoReads(
  first: usize,
  second: usize,
  left: usize,
  right: usize,
  stride: i32,
  g: usize,
  q: usize,
  state: i32,
): void {
  const la = v128.load(left);
  const lb = v128.load(left, 64);
  const ra = v128.load(right);
  const rb = v128.load(right, 64);
  const la2 = v128.load(left + stride);
  const lb2 = v128.load(left + stride, 64);
  const ra2 = v128.load(right + stride);
  const rb2 = v128.load(right + stride, 64);
  const end = g + state;
  const toQ = q - g;
  const toFirst = first - g;
  const toSecond = second - g;
  for (; g < end; g += ROW) {
    let a = v128.load(g + toFirst);
    let b = v128.load(g + toSecond);
    const g1 = v128.load(g);
    a = f32x4.add(a, f32x4.mul(la, g1));
    b = f32x4.add(b, f32x4.mul(lb, g1));
    const q1 = v128.load(g + toQ);
    a = f32x4.add(a, f32x4.mul(ra, q1));
    b = f32x4.add(b, f32x4.mul(rb, q1));
    const g2 = v128.load(g + state);
    a = f32x4.add(a, f32x4.mul(la2, g2));
    b = f32x4.add(b, f32x4.mul(lb2, g2));
    const q2 = v128.load(g + toQ + state);
    a = f32x4.add(a, f32x4.mul(ra2, q2));
    b = f32x4.add(b, f32x4.mul(rb2, q2));
    v128.store(g + toFirst, a);
    v128.store(g + toSecond, b);
  }
}

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
