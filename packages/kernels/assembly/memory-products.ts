// What reading a memory of slots is made of, forward and back: products of vectors with vectors, lane by lane, in the tiles
// of products.ts.

import { ROW } from './lanes';
import { begin, HALF, TILE } from './products';

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
