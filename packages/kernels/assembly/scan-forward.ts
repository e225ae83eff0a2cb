// The scan forward; fast-weights-scan/README.md of core says what a step is. One chunk of samples goes through all of
// time, then the next: what it needs stays in the cache.

import { clear, copy, fromLanes, ROW, repeatLast, scale, select, toLanes } from './lanes';
import { combine } from './memory-products';
import { multiply, pack, packedSize } from './products';
import {
  ALL,
  decayRow,
  HOLD,
  INTEGRATE,
  MIXED,
  maskRow,
  NONE,
  READ,
  strengthRow,
  WIPE,
  who,
} from './scan-control';
import { normalise, rectify } from './scan-norm';
import { endSlot, firstSlot, hasMatrix, matrixOf, read, segmentStart } from './scan-read';
import {
  B,
  beginChunk,
  bias,
  chunks,
  drive,
  entry,
  firstA,
  firstH,
  firstSample,
  gain,
  H,
  innerKernel,
  innerNorm,
  integrationKernel,
  keeps,
  mostSlots,
  normalised,
  output,
  past,
  pastSlots,
  plainNorm,
  preliminaryNorm,
  query,
  readsAt,
  reciprocals,
  recurrentKernel,
  remembers,
  S,
  samples,
  scanKeptSize,
  segmentLength,
  share,
  shareRows,
  slot,
  slotsAreOutputs,
  slotsBefore,
  startH,
  sustained,
  T,
} from './scan-sizes';

let packedRecurrent: usize, packedIntegration: usize, packedInner: usize;
// States `[H]` to work with.
let x: usize, boundary: usize, other: usize, plain: usize, masked: usize, pre: usize;
/** Two states and a row. */
let work: usize;
let maskAt: usize;
/** `[mostSlots][H]`: the slots of a segment, each with what is left of it. */
let weighted: usize;

function layOutScratch(at: usize): usize {
  const packed = packedSize(H, H) * 4;
  packedRecurrent = at;
  packedIntegration = at + packed;
  packedInner = at + 2 * packed;
  at += 3 * packed;
  const state = H * ROW;
  x = at;
  boundary = at + state;
  other = at + 2 * state;
  plain = at + 3 * state;
  masked = at + 4 * state;
  pre = at + 5 * state;
  work = at + 6 * state;
  maskAt = at + 8 * state + ROW;
  weighted = maskAt + ROW;
  return weighted + (T > segmentLength ? mostSlots * state : 0);
}

/** Floats that `scanForward` needs to work, besides what it keeps. */
export function scanForwardScratch(keep: i32): i32 {
  return (layOutScratch(0) as i32) / 4 + (keep !== 0 ? 0 : scanKeptSize(0));
}

/** All hidden states to `y [B, T, H]`, or the last to `[B, H]`; what the backward pass wants to `kept`, if that is not 0. */
export function scanForward(y: usize, kept: usize, scratch: usize, lastOnly: i32): void {
  const size = scanKeptSize(kept !== 0 ? 1 : 0) * 4;
  const end = layOutScratch(scratch);
  pack(packedRecurrent, recurrentKernel, H, H, 4, H * 4);
  if (integrationKernel) pack(packedIntegration, integrationKernel, H, H, 4, H * 4);
  if (innerKernel) pack(packedInner, innerKernel, H, H, 4, H * 4);
  for (let chunk = 0; chunk < chunks(); chunk++) {
    beginChunk(chunk, kept !== 0 ? kept + chunk * size : end);
    start();
    for (let t = 0; t < T; t++) {
      if (t > 0 && t % segmentLength === 0 && remembers) writeMatrix(t);
      const from = (firstSample * T + t) * H * 4;
      toLanes(x, drive + from, T * H * 4, samples, H);
      repeatLast(x, samples, H);
      step(t);
      if (!lastOnly) fromLanes(y + from, output(t), T * H * 4, samples, H);
    }
    if (lastOnly) fromLanes(y + firstSample * H * 4, output(T - 1), H * 4, samples, H);
  }
}

function start(): void {
  if (firstH) begin(startH, firstH + firstSample * H * 4, H);
  if (!remembers) return;
  if (firstA) begin(matrixOf(0), firstA + firstSample * H * H * 4, H * H);
  for (let j = 0; j < pastSlots; j++) {
    begin(slot(j), past + (j * B + firstSample) * H * 4, H);
  }
}

function begin(out: usize, from: usize, size: i32): void {
  toLanes(out, from, size * 4, samples, size);
  repeatLast(out, samples, size);
}

/** h(t−1), or 0 where that is zero in all samples. */
export function previous(t: i32, maskedAt: usize, maskRowAt: usize): usize {
  if (t === 0) return firstH ? startH : 0;
  const wiped = who(t - 1, WIPE);
  if (wiped === ALL) return 0;
  if (wiped === NONE) return output(t - 1);
  maskRow(maskRowAt, t - 1, WIPE);
  select(maskedAt, maskRowAt, 0, output(t - 1), H);
  return maskedAt;
}

function step(t: i32): void {
  if (who(t, READ) === NONE) skipReads(t);
  if (who(t, HOLD) === ALL) {
    const before = previous(t, masked, maskAt);
    if (before) copy(output(t), before, H);
    else clear(output(t), H);
  } else {
    advance(t);
  }
  remember(t);
}

/** Where others in the batch read at this step and this chunk does not, the room for it must hold numbers. */
function skipReads(t: i32): void {
  if (!keeps || readsAt(t) === 0) return;
  clear(query(t, 0), S * H);
  clear(share(t, 0), S * shareRows());
}

function advance(t: i32): void {
  const y = output(t);
  const before = previous(t, masked, maskAt);
  const held = who(t, HOLD);
  const integrates = who(t, INTEGRATE);
  const z = bound(t, before, integrates);
  const reads = who(t, READ);
  if (reads !== ALL) {
    activate(reads === NONE ? y : plain, z, plainNorm(t));
  }
  if (reads !== NONE) settle(t, z, integrates);
  if (reads === MIXED) {
    maskRow(maskAt, t, READ);
    select(y, maskAt, y, plain, H);
  }
  if (held === MIXED) {
    const kept = previous(t, masked, maskAt);
    maskRow(maskAt, t, HOLD);
    select(y, maskAt, kept, y, H);
  }
}

/** x + W h(t−1), or with W_int in the samples that integrate. */
function bound(t: i32, before: usize, integrates: i32): usize {
  if (!before) return x;
  const packed = integrates === ALL ? packedIntegration : packedRecurrent;
  multiply(boundary, packed, before, x, H, H);
  if (integrates === MIXED) {
    multiply(other, packedIntegration, before, x, H, H);
    maskRow(maskAt, t, INTEGRATE);
    select(boundary, maskAt, other, boundary, H);
  }
  return boundary;
}

/** f(N[u]), or f(u) where there is no norm. */
function activate(out: usize, u: usize, norm: i32): void {
  if (norm < 0) rectify(out, u, H);
  else normalise(out, u, normalised + norm * H * ROW, reciprocals + norm * ROW, gain, bias, H);
}

/** h₀ … h_S of a step that reads. */
function settle(t: i32, z: usize, integrates: i32): void {
  const y = output(t);
  let from = z;
  if (sustained && integrates === ALL) from = x;
  if (sustained && integrates === MIXED) {
    maskRow(maskAt, t, INTEGRATE);
    select(other, maskAt, x, z, H);
    from = other;
  }
  activate(S === 0 ? y : query(t, 0), from, preliminaryNorm(t));
  for (let s = 0; s < S; s++) {
    const q = query(t, s);
    const base = sustained ? z : q;
    read(pre, base, q, t, share(t, s), packedInner, work);
    activate(s + 1 === S ? y : query(t, s + 1), pre, innerNorm(t, s));
  }
}

/** Where slots are not simply the outputs, a step that writes gets one. */
function remember(t: i32): void {
  if (!remembers || slotsAreOutputs()) return;
  if (entry(slotsBefore, t + 1) > entry(slotsBefore, t)) copy(slot(endSlot(t)), output(t), H);
}

/** A at the start of the segment at t: λⁿ A + Σ_j η λ^… h_j h_jᵀ over the segment before (eq. 3). */
function writeMatrix(t: i32): void {
  const last = t - 1;
  const state = H * ROW;
  const first = firstSlot(last);
  const n = endSlot(t) - first;
  for (let j = 0; j < n; j++) {
    strengthRow(work, t, first + j);
    scale(weighted + j * state, slot(first + j), work, H);
  }
  const had = hasMatrix(last);
  const from = had ? matrixOf(last) : 0;
  const to = matrixOf(t);
  if (had) {
    decayRow(work, segmentStart(last), t);
    scale(to, from, work, H * H);
  }
  for (let i = 0; i < H; i++) {
    const row = to + i * state;
    combine(row, weighted + i * ROW, state, slot(first), state, n, had ? row : 0, H);
  }
}
