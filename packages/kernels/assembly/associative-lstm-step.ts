// One step of the Associative LSTM; associative-lstm-rows.ts says what is where.

import {
  difference,
  gather,
  M,
  N,
  overCopies,
  permuted,
  plane,
  S,
  state,
  sum,
  unit,
} from './associative-lstm-rows';
import { sigmoid } from './exp';
import { clear, ROW } from './lanes';

/** z / max(1, |z|) of so many bytes of real parts, and of imaginary ones `apart` from them; 1 / max(1, |z|) is noted. */
function bound(z: usize, apart: i32, shrink: usize, bytes: i32): void {
  const one = f32x4.splat(1);
  for (let r = 0; r < bytes; r += 16) {
    const a = v128.load(z + r);
    const b = v128.load(z + r + apart);
    const by = f32x4.div(one, f32x4.sqrt(f32x4.max(sum(a, b, a, b), one)));
    v128.store(z + r, f32x4.mul(a, by));
    v128.store(z + r + apart, f32x4.mul(b, by));
    v128.store(shrink + r, by);
  }
}

/**
 * From a step's sums to c and h. The sums are left behind as what came of them; `shrinks` (3N M rows) and, of the reads,
 * `reads` (2N M) and `readShrinks` (N M) are for the backward pass; `work` has 2N M rows.
 */
export function advance(
  gate: usize,
  shrinks: usize,
  before: usize,
  c: usize,
  reads: usize,
  readShrinks: usize,
  h: usize,
  work: usize,
): void {
  const vectors = gate + (1 + 2 * N) * unit;
  for (let at = gate; at < vectors; at += 16) v128.store(at, sigmoid(v128.load(at)));
  bound(vectors, plane, shrinks, plane);
  admit(work, gate, vectors);
  for (let s = 0; s < S; s++) {
    write(s, gate, vectors + N * unit, before + s * state, c + s * state, work);
  }
  clear(reads, 2 * N * M);
  for (let s = 0; s < S; s++) read(s, vectors + 2 * N * unit, c + s * state, reads);
  overCopies(reads, 2 * N * unit);
  bound(reads, N * unit, readShrinks, N * unit);
  emit(h, gate + (1 + N) * unit, reads);
}

/** work = i u of each head, the real parts of all first. */
export function admit(work: usize, gate: usize, u: usize): void {
  const bytes = N * unit;
  for (let r = 0; r < bytes; r += 16) {
    const i = v128.load(gate + unit + r);
    v128.store(work + r, f32x4.mul(i, v128.load(u + r)));
    v128.store(work + r + bytes, f32x4.mul(i, v128.load(u + r + plane)));
  }
}

/** c_s = f c_s⁻ + Σ_heads (P_s r_i) (i u) */
function write(s: i32, f: usize, key: usize, before: usize, c: usize, work: usize): void {
  for (let m = 0; m < M; m++) {
    const keyAt = key + permuted(s, m);
    for (let r = m * ROW, l = 0; l < ROW; r += 16, l += 16) {
      const open = v128.load(f + r);
      let a = f32x4.mul(open, v128.load(before + r));
      let b = f32x4.mul(open, v128.load(before + r + unit));
      for (let n = 0; n < N * unit; n += unit) {
        const ka = v128.load(keyAt + n + l);
        const kb = v128.load(keyAt + n + l + plane);
        const va = v128.load(work + n + r);
        const vb = v128.load(work + n + r + N * unit);
        a = f32x4.add(a, difference(ka, kb, va, vb));
        b = f32x4.add(b, sum(ka, kb, vb, va));
      }
      v128.store(c + r, a);
      v128.store(c + r + unit, b);
    }
  }
}

/** reads += (P_s r_o) c_s of each head, the real parts of all first. */
function read(s: i32, key: usize, c: usize, reads: usize): void {
  for (let m = 0; m < M; m++) {
    const keyAt = key + permuted(s, m);
    for (let r = m * ROW, l = 0; l < ROW; r += 16, l += 16) {
      const ca = v128.load(c + r);
      const cb = v128.load(c + r + unit);
      for (let n = 0; n < N * unit; n += unit) {
        const ka = v128.load(keyAt + n + l);
        const kb = v128.load(keyAt + n + l + plane);
        gather(reads + n + r, difference(ka, kb, ca, cb));
        gather(reads + n + r + N * unit, sum(ka, kb, cb, ca));
      }
    }
  }
}

/** h = Σ_heads o · read */
function emit(h: usize, o: usize, reads: usize): void {
  for (let r = 0; r < unit; r += 16) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    for (let n = 0; n < N * unit; n += unit) {
      const open = v128.load(o + n + r);
      a = f32x4.add(a, f32x4.mul(open, v128.load(reads + n + r)));
      b = f32x4.add(b, f32x4.mul(open, v128.load(reads + n + r + N * unit)));
    }
    v128.store(h + r, a);
    v128.store(h + r + unit, b);
  }
}
