// One step of the Associative LSTM, backward; associative-lstm-rows.ts says what is where.

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
import { admit } from './associative-lstm-step';
import { clear, ROW } from './lanes';

/** From ∂bound(z), in place, to ∂z: what goes along z has no effect where the bound holds. */
function unbound(d: usize, y: usize, apart: i32, shrink: usize, bytes: i32): void {
  const one = f32x4.splat(1);
  for (let r = 0; r < bytes; r += 16) {
    const a = v128.load(y + r);
    const b = v128.load(y + r + apart);
    const da = v128.load(d + r);
    const db = v128.load(d + r + apart);
    const by = v128.load(shrink + r);
    const along = sum(a, b, da, db);
    const free = f32x4.eq(by, one);
    const ta = f32x4.mul(by, f32x4.sub(da, f32x4.mul(a, along)));
    const tb = f32x4.mul(by, f32x4.sub(db, f32x4.mul(b, along)));
    v128.store(d + r, v128.bitselect(da, ta, free));
    v128.store(d + r + apart, v128.bitselect(db, tb, free));
  }
}

/**
 * One step back: ∂c becomes that of c(t−1), and `dGate` the gradient of the step's sums. `work` has 4N M rows.
 */
export function retreat(
  gate: usize,
  shrinks: usize,
  before: usize,
  c: usize,
  reads: usize,
  readShrinks: usize,
  dh: usize,
  dc: usize,
  dGate: usize,
  work: usize,
): void {
  const gates = (1 + 2 * N) * unit;
  const vectors = gate + gates;
  const dVectors = dGate + gates;
  const dReads = work + 2 * N * unit;
  clear(dGate, (1 + 8 * N) * M);
  admit(work, gate, vectors);
  emitBack(dh, gate + (1 + N) * unit, reads, dGate + (1 + N) * unit, dReads);
  unbound(dReads, reads, N * unit, readShrinks, N * unit);
  overCopies(dReads, 2 * N * unit);
  for (let s = 0; s < S; s++) {
    const at = s * state;
    readBack(s, vectors + 2 * N * unit, c + at, dReads, dVectors + 2 * N * unit, dc + at);
    writeBack(s, gate, vectors + N * unit, before + at, work, dGate, dVectors, dc + at);
  }
  admitBack(gate, vectors, dGate, dVectors);
  unbound(dVectors, vectors, plane, shrinks, plane);
  const one = f32x4.splat(1);
  for (let r = 0; r < gates; r += 16) {
    const open = v128.load(gate + r);
    const slope = f32x4.mul(open, f32x4.sub(one, open));
    v128.store(dGate + r, f32x4.mul(v128.load(dGate + r), slope));
  }
}

/** h = Σ o · read, backward. */
function emitBack(dh: usize, o: usize, reads: usize, dO: usize, dReads: usize): void {
  for (let n = 0; n < N * unit; n += unit) {
    for (let r = 0; r < unit; r += 16) {
      const da = v128.load(dh + r);
      const db = v128.load(dh + r + unit);
      const at = n + r;
      const open = v128.load(o + at);
      const a = v128.load(reads + at);
      const b = v128.load(reads + at + N * unit);
      v128.store(dO + at, sum(a, b, da, db));
      v128.store(dReads + at, f32x4.mul(open, da));
      v128.store(dReads + at + N * unit, f32x4.mul(open, db));
    }
  }
}

/** read = Σ_s (P_s r_o) c_s, backward: of a product's factor, the gradient is the product's times the other's conjugate. */
function readBack(s: i32, key: usize, c: usize, dReads: usize, dKey: usize, dc: usize): void {
  for (let m = 0; m < M; m++) {
    const key0 = permuted(s, m);
    for (let r = m * ROW, l = 0; l < ROW; r += 16, l += 16) {
      const ca = v128.load(c + r);
      const cb = v128.load(c + r + unit);
      let dca = v128.load(dc + r);
      let dcb = v128.load(dc + r + unit);
      for (let n = 0; n < N * unit; n += unit) {
        const at = key0 + n + l;
        const ka = v128.load(key + at);
        const kb = v128.load(key + at + plane);
        const da = v128.load(dReads + n + r);
        const db = v128.load(dReads + n + r + N * unit);
        dca = f32x4.add(dca, sum(ka, kb, da, db));
        dcb = f32x4.add(dcb, difference(ka, kb, db, da));
        gather(dKey + at, sum(ca, cb, da, db));
        gather(dKey + at + plane, difference(ca, cb, db, da));
      }
      v128.store(dc + r, dca);
      v128.store(dc + r + unit, dcb);
    }
  }
}

/** c_s = f c_s⁻ + Σ (P_s r_i) (i u), backward; ∂(i u) is gathered in the place of ∂u. */
function writeBack(
  s: i32,
  f: usize,
  key: usize,
  before: usize,
  work: usize,
  dF: usize,
  dU: usize,
  dc: usize,
): void {
  for (let m = 0; m < M; m++) {
    const key0 = permuted(s, m);
    for (let r = m * ROW, l = 0; l < ROW; r += 16, l += 16) {
      const da = v128.load(dc + r);
      const db = v128.load(dc + r + unit);
      gather(dF + r, sum(v128.load(before + r), v128.load(before + r + unit), da, db));
      for (let n = 0; n < N * unit; n += unit) {
        const at = key0 + n + l;
        const ka = v128.load(key + at);
        const kb = v128.load(key + at + plane);
        const va = v128.load(work + n + r);
        const vb = v128.load(work + n + r + N * unit);
        const dKey = dU + N * unit + at;
        gather(dKey, sum(va, vb, da, db));
        gather(dKey + plane, difference(va, vb, db, da));
        gather(dU + n + r, sum(ka, kb, da, db));
        gather(dU + n + r + plane, difference(ka, kb, db, da));
      }
      const open = v128.load(f + r);
      v128.store(dc + r, f32x4.mul(open, da));
      v128.store(dc + r + unit, f32x4.mul(open, db));
    }
  }
}

/** From ∂(i u) to ∂u, in its place, and ∂i. */
function admitBack(gate: usize, u: usize, dGate: usize, dU: usize): void {
  const bytes = N * unit;
  for (let r = 0; r < bytes; r += 16) {
    const da = v128.load(dU + r);
    const db = v128.load(dU + r + plane);
    const i = v128.load(gate + unit + r);
    v128.store(dGate + unit + r, sum(v128.load(u + r), v128.load(u + r + plane), da, db));
    v128.store(dU + r, f32x4.mul(i, da));
    v128.store(dU + r + plane, f32x4.mul(i, db));
  }
}
