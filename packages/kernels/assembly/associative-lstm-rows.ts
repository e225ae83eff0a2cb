// What the Associative LSTM's step computes with, forward and back, for 16 samples in rows of lanes (lanes.ts). H units are
// M = H / 2 complex numbers; N heads, S copies of the memory. A step has (1 + 8N) M rows, M at a time: f; i and o of each
// head; the real parts of u, of r_i and of r_o of each head; their imaginary parts. A state has M real and M imaginary rows.

import { ROW } from './lanes';

export let M: i32, N: i32, S: i32;
/** Bytes of M rows, of a state, and of what lies between the real and the imaginary part of u, r_i and r_o. */
export let unit: i32, state: i32, plane: i32;
/** The copies' permutations: S times M indices. */
let orders: usize;

export function setRows(units: i32, heads: i32, copies: i32, permutations: usize): void {
  M = units >> 1;
  N = heads;
  S = copies;
  unit = M * ROW;
  state = 2 * unit;
  plane = 3 * N * unit;
  orders = permutations;
}

/** Where in a vector stands what a copy has at m, in bytes. */
export function permuted(s: i32, m: i32): i32 {
  return load<i32>(orders + (s * M + m) * 4) * ROW;
}

// Of (a + ib)(c + id): the real part by `difference(a, b, c, d)`, the imaginary one by `sum(a, b, d, c)`. With the first
// factor conjugated: `sum(a, b, c, d)` and `difference(a, b, d, c)`.

export function difference(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, d));
}

export function sum(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(f32x4.mul(a, c), f32x4.mul(b, d));
}

/** memory at `at` += value */
export function gather(at: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
}

/** The mean over the copies, of sums. */
export function overCopies(sums: usize, bytes: i32): void {
  const share = f32x4.splat(1 / (S as f32));
  for (let r = 0; r < bytes; r += 16) {
    v128.store(sums + r, f32x4.mul(v128.load(sums + r), share));
  }
}
