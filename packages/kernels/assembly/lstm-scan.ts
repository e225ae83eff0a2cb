// The LSTM's scan, forward and back through time, in rows of 16 lanes (lanes.ts). B batch, T time, H units; a step has
// four gates of H rows each, in the order input, forget, candidate, output.

import { collect } from './collect';
import { sigmoid, tanh } from './exp';
import { accumulate, clear, copy, fromLanes, LANES, ROW, toLanes } from './lanes';
import { multiply, pack, packedSize } from './products';

let B: i32, T: i32, H: i32;
let keeps: bool;

// Where a chunk keeps what its backward pass will want again: h and c with the start first `[T + 1][H]`, the gates
// `[T][4H]`, and tanh c(t) `[T][H]`. Without a backward pass there is room for two states and one step's gates.
let hs: usize, cs: usize, gates: usize, squashed: usize;

function layOut(at: usize): usize {
  const states = keeps ? T + 1 : 2;
  const steps = keeps ? T : 1;
  hs = at;
  at += states * H * ROW;
  cs = at;
  at += states * H * ROW;
  gates = at;
  at += steps * 4 * H * ROW;
  squashed = at;
  return at + steps * H * ROW;
}

/** Sets the sizes of the next call; returns the floats that one chunk keeps. */
export function lstmSizes(batch: i32, time: i32, units: i32, keep: i32): i32 {
  B = batch;
  T = time;
  H = units;
  keeps = keep !== 0;
  return (layOut(0) as i32) / 4;
}

export function lstmForwardScratch(): i32 {
  return packedSize(4 * H, H) + 4 * H * LANES + (keeps ? 0 : (layOut(0) as i32) / 4);
}

function state(t: i32): i32 {
  return (keeps ? t : t & 1) * H * ROW;
}

function step(t: i32): i32 {
  return keeps ? t * H * ROW : 0;
}

function samplesFrom(first: i32): i32 {
  return min(LANES, B - first);
}

/** h(1) … h(T), c(T) to `y [B, T + 1, H]`, or h(T) alone to `[B, H]`; `h` and `c` of 0 are zeros. */
export function lstmForward(
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
  const x = scratch + packedSize(4 * H, H) * 4;
  pack(scratch, kernel, 4 * H, H, 4, 4 * H * 4);
  for (let first = 0; first < B; first += LANES) {
    const samples = samplesFrom(first);
    layOut(keeps ? kept + (first / LANES) * size : x + 4 * H * ROW);
    begin(hs, h, first, samples);
    begin(cs, c, first, samples);
    for (let t = 0; t < T; t++) {
      toLanes(x, drive + (first * T + t) * 4 * H * 4, T * 4 * H * 4, samples, 4 * H);
      const at = gates + 4 * step(t);
      if (t > 0 || h) multiply(at, scratch, hs + state(t), x, 4 * H, H);
      else memory.copy(at, x, 4 * H * ROW);
      advance(at, cs + state(t), cs + state(t + 1), hs + state(t + 1), squashed + step(t));
      if (lastOnly) continue;
      const to = y + (first * (T + 1) + t) * H * 4;
      fromLanes(to, hs + state(t + 1), (T + 1) * H * 4, samples, H);
    }
    if (lastOnly) {
      fromLanes(y + first * H * 4, hs + state(T), H * 4, samples, H);
    } else {
      const last = y + (first * (T + 1) + T) * H * 4;
      fromLanes(last, cs + state(T), (T + 1) * H * 4, samples, H);
    }
  }
}

function begin(to: usize, from: usize, first: i32, samples: i32): void {
  if (from) toLanes(to, from + first * H * 4, H * 4, samples, H);
  else clear(to, H);
}

/** c = σ(f) c⁻ + σ(i) tanh(g), h = σ(o) tanh(c); the gates are left behind as what they let through. */
function advance(gate: usize, before: usize, c: usize, h: usize, squash: usize): void {
  const size = H * ROW;
  for (let r = 0; r < size; r += 16) {
    const at = gate + r;
    const i = sigmoid(v128.load(at));
    const f = sigmoid(v128.load(at + size));
    const g = tanh(v128.load(at + 2 * size));
    const o = sigmoid(v128.load(at + 3 * size));
    v128.store(at, i);
    v128.store(at + size, f);
    v128.store(at + 2 * size, g);
    v128.store(at + 3 * size, o);
    const next = f32x4.add(f32x4.mul(f, v128.load(before + r)), f32x4.mul(i, g));
    const squashedNext = tanh(next);
    v128.store(c + r, next);
    v128.store(squash + r, squashedNext);
    v128.store(h + r, f32x4.mul(o, squashedNext));
  }
}

export function lstmBackwardScratch(): i32 {
  return packedSize(H, 4 * H) + (T * 4 * H + 3 * H + 2) * LANES;
}

/** From ∂y to the gradients of drive, kernel, h(0) and c(0); 0 is one that nobody asked for. */
export function lstmBackward(
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
  const state = H * ROW;
  const dh = scratch + packedSize(H, 4 * H) * 4;
  const dc = dh + state;
  const dOutput = dc + state;
  const work = dOutput + state;
  const dGates = work + 2 * ROW;
  pack(scratch, kernel, H, 4 * H, 4 * H * 4, 4);
  memory.fill(dKernel, 0, H * 4 * H * 4);
  for (let first = 0; first < B; first += LANES) {
    const samples = samplesFrom(first);
    layOut(kept + (first / LANES) * size);
    const stride = (T + 1) * H * 4;
    if (lastOnly) clear(dc, H);
    else toLanes(dc, dy + (first * (T + 1) + T) * H * 4, stride, samples, H);
    clear(dh, H);
    for (let t = T - 1; t >= 0; t--) {
      if (!lastOnly) {
        toLanes(dOutput, dy + (first * (T + 1) + t) * H * 4, stride, samples, H);
        accumulate(dOutput, dh, H);
      } else if (t === T - 1) {
        toLanes(dOutput, dy + first * H * 4, H * 4, samples, H);
      } else {
        copy(dOutput, dh, H);
      }
      const dGate = dGates + t * 4 * state;
      retreat(gates + 4 * t * state, cs + t * state, squashed + t * state, dOutput, dc, dGate);
      fromLanes(dDrive + (first * T + t) * 4 * H * 4, dGate, T * 4 * H * 4, samples, 4 * H);
      if (t > 0 || dH) multiply(dh, scratch, dGate, 0, H, 4 * H);
    }
    const skipped = hasH ? 0 : 1;
    const dz = dGates + skipped * 4 * state;
    collect(dKernel, hs + skipped * state, dz, T - skipped, H, 4 * H, work);
    if (dH) fromLanes(dH + first * H * 4, dh, H * 4, samples, H);
    if (dC) fromLanes(dC + first * H * 4, dc, H * 4, samples, H);
  }
}

/** One step back: ∂c becomes that of c(t−1), and the gates' own gradients, before σ and tanh, are written. */
function retreat(
  gate: usize,
  before: usize,
  squash: usize,
  dh: usize,
  dc: usize,
  dGate: usize,
): void {
  const one = f32x4.splat(1);
  const size = H * ROW;
  for (let r = 0; r < size; r += 16) {
    const at = gate + r;
    const i = v128.load(at);
    const f = v128.load(at + size);
    const g = v128.load(at + 2 * size);
    const o = v128.load(at + 3 * size);
    const tanhC = v128.load(squash + r);
    const d = v128.load(dh + r);
    const through = f32x4.mul(f32x4.mul(d, o), f32x4.sub(one, f32x4.mul(tanhC, tanhC)));
    const dCell = f32x4.add(v128.load(dc + r), through);
    const to = dGate + r;
    v128.store(to, f32x4.mul(f32x4.mul(dCell, g), slope(i)));
    v128.store(to + size, f32x4.mul(f32x4.mul(dCell, v128.load(before + r)), slope(f)));
    const ofTanh = f32x4.sub(one, f32x4.mul(g, g));
    v128.store(to + 2 * size, f32x4.mul(f32x4.mul(dCell, i), ofTanh));
    v128.store(to + 3 * size, f32x4.mul(f32x4.mul(d, tanhC), slope(o)));
    v128.store(dc + r, f32x4.mul(dCell, f));
  }
}

/** The slope of a sigmoid whose value is s. */
function slope(s: v128): v128 {
  return f32x4.mul(s, f32x4.sub(f32x4.splat(1), s));
}
