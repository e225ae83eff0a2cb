// The Associative LSTM's scan, forward and back through time, in rows of 16 lanes (lanes.ts); a step is in
// associative-lstm-step.ts and -back.ts. B batch, T time, H units, S copies of the memory; a step has W rows of sums,
// (1 + 8 heads) H / 2.

import { retreat } from './associative-lstm-back';
import { setRows } from './associative-lstm-rows';
import { advance } from './associative-lstm-step';
import { collect } from './collect';
import { accumulate, clear, copy, fromLanes, LANES, ROW, toLanes } from './lanes';
import { multiply, pack, packedSize } from './products';

let B: i32, T: i32, H: i32, S: i32, W: i32;
/** Rows of the vectors of all heads, real or imaginary: u, r_i and r_o, or the reads. */
let vectorRows: i32, readRows: i32;
let keeps: bool;

// Where a chunk keeps what its backward pass will want again: h `[T + 1][H]` and the copies of c `[T + 1][S H]`, the
// start first; what came of the sums `[T][W]`, and what the bound shrank them by; the reads, real and imaginary, and
// what they were shrunk by. Without a backward pass there is room for two states and one step.
let hs: usize, cs: usize, gates: usize, shrinks: usize, reads: usize, readShrinks: usize;

function layOut(at: usize): usize {
  const states = keeps ? T + 1 : 2;
  const steps = keeps ? T : 1;
  hs = at;
  at += states * H * ROW;
  cs = at;
  at += states * S * H * ROW;
  gates = at;
  at += steps * W * ROW;
  shrinks = at;
  at += steps * vectorRows * ROW;
  reads = at;
  at += steps * 2 * readRows * ROW;
  readShrinks = at;
  return at + steps * readRows * ROW;
}

/** Sets the sizes of the next call; returns the floats that one chunk keeps. */
export function associativeSizes(
  batch: i32,
  time: i32,
  units: i32,
  heads: i32,
  copies: i32,
  permutations: usize,
  keep: i32,
): i32 {
  B = batch;
  T = time;
  H = units;
  S = copies;
  readRows = (heads * units) / 2;
  vectorRows = 3 * readRows;
  W = units / 2 + 8 * readRows;
  keeps = keep !== 0;
  setRows(units, heads, copies, permutations);
  return (layOut(0) as i32) / 4;
}

export function associativeForwardScratch(): i32 {
  return packedSize(W, H) + 2 * readRows * LANES + (keeps ? 0 : (layOut(0) as i32) / 4);
}

function stateAt(t: i32): i32 {
  return (keeps ? t : t & 1) * H * ROW;
}

function samplesFrom(first: i32): i32 {
  return min(LANES, B - first);
}

/** h(1) … h(T), c(T) to `y [B, T + S, H]`, or h(T) alone to `[B, H]`; `h` and `c` of 0 are zeros. */
export function associativeForward(
  drive: usize,
  kernel: usize,
  h: usize,
  c: usize,
  y: usize,
  kept: usize,
  scratch: usize,
  lastOnly: i32,
): void {
  const size = layOut(0) as i32;
  const work = scratch + packedSize(W, H) * 4;
  pack(scratch, kernel, W, H, 4, W * 4);
  for (let first = 0; first < B; first += LANES) {
    const samples = samplesFrom(first);
    layOut(keeps ? kept + (first / LANES) * size : work + 2 * readRows * ROW);
    begin(hs, h, first, samples, H);
    begin(cs, c, first, samples, S * H);
    for (let t = 0; t < T; t++) {
      const step = keeps ? t * ROW : 0;
      const gate = gates + step * W;
      toLanes(gate, drive + (first * T + t) * W * 4, T * W * 4, samples, W);
      if (t > 0 || h) multiply(gate, scratch, hs + stateAt(t), gate, W, H);
      const next = hs + stateAt(t + 1);
      advance(
        gate,
        shrinks + step * vectorRows,
        cs + S * stateAt(t),
        cs + S * stateAt(t + 1),
        reads + step * 2 * readRows,
        readShrinks + step * readRows,
        next,
        work,
      );
      if (lastOnly) continue;
      fromLanes(y + (first * (T + S) + t) * H * 4, next, (T + S) * H * 4, samples, H);
    }
    if (lastOnly) {
      fromLanes(y + first * H * 4, hs + stateAt(T), H * 4, samples, H);
    } else {
      const last = y + (first * (T + S) + T) * H * 4;
      fromLanes(last, cs + S * stateAt(T), (T + S) * H * 4, samples, S * H);
    }
  }
}

function begin(to: usize, from: usize, first: i32, samples: i32, rows: i32): void {
  if (from) toLanes(to, from + first * rows * 4, rows * 4, samples, rows);
  else clear(to, rows);
}

export function associativeBackwardScratch(): i32 {
  return packedSize(H, W) + (T * W + 2 * H + S * H + 4 * readRows + 2) * LANES;
}

/** From ∂y to the gradients of drive, kernel, h(0) and c(0); 0 is one that nobody asked for. */
export function associativeBackward(
  dy: usize,
  lastOnly: i32,
  kernel: usize,
  hasH: i32,
  kept: usize,
  scratch: usize,
  dDrive: usize,
  dKernel: usize,
  dH: usize,
  dC: usize,
): void {
  const size = layOut(0) as i32;
  const dh = scratch + packedSize(H, W) * 4;
  const dOutput = dh + H * ROW;
  const dc = dOutput + H * ROW;
  const stepWork = dc + S * H * ROW;
  const work = stepWork + 4 * readRows * ROW;
  const dGates = work + 2 * ROW;
  const stride = (T + S) * H * 4;
  pack(scratch, kernel, H, W, W * 4, 4);
  memory.fill(dKernel, 0, H * W * 4);
  for (let first = 0; first < B; first += LANES) {
    const samples = samplesFrom(first);
    layOut(kept + (first / LANES) * size);
    if (lastOnly) clear(dc, S * H);
    else toLanes(dc, dy + (first * (T + S) + T) * H * 4, stride, samples, S * H);
    clear(dh, H);
    for (let t = T - 1; t >= 0; t--) {
      if (!lastOnly) {
        toLanes(dOutput, dy + (first * (T + S) + t) * H * 4, stride, samples, H);
        accumulate(dOutput, dh, H);
      } else if (t === T - 1) {
        toLanes(dOutput, dy + first * H * 4, H * 4, samples, H);
      } else {
        copy(dOutput, dh, H);
      }
      const step = t * ROW;
      const dGate = dGates + step * W;
      retreat(
        gates + step * W,
        shrinks + step * vectorRows,
        cs + S * stateAt(t),
        cs + S * stateAt(t + 1),
        reads + step * 2 * readRows,
        readShrinks + step * readRows,
        dOutput,
        dc,
        dGate,
        stepWork,
      );
      fromLanes(dDrive + (first * T + t) * W * 4, dGate, T * W * 4, samples, W);
      if (t > 0 || dH) multiply(dh, scratch, dGate, 0, H, W);
    }
    const skipped = hasH ? 0 : 1;
    const dz = dGates + skipped * W * ROW;
    collect(dKernel, hs + skipped * H * ROW, dz, T - skipped, H, W, work);
    if (dH) fromLanes(dH + first * H * 4, dh, H * 4, samples, H);
    if (dC) fromLanes(dC + first * S * H * 4, dc, S * H * 4, samples, S * H);
  }
}
