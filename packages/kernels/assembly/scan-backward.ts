// The scan backward through time; src/wasm/README.md derives it. A chunk of samples goes back through all of time; what
// the kernels collect is summed over all chunks.

import { collect } from './collect';
import { accumulate, clear, copy, fromLanes, ROW, scale, select, sumLanes, toLanes } from './lanes';
import { combine, dots, pull, pullPair } from './memory-products';
import { multiply, pack, packedSize } from './products';
import {
  ALL,
  decayRow,
  HOLD,
  INTEGRATE,
  MIXED,
  maskRow,
  NONE,
  pastStrengthRow,
  READ,
  strengthRow,
  WIPE,
  who,
} from './scan-control';
import { previous } from './scan-forward';
import { normaliseBackward, rectifyBackward } from './scan-norm';
import {
  endSlot,
  firstOpenSlot,
  firstSlot,
  hasMatrix,
  matrixOf,
  segmentStart,
  weigh,
} from './scan-read';
import {
  B,
  beginChunk,
  chunks,
  entry,
  firstA,
  firstSample,
  gain,
  H,
  innerKernel,
  innerNorm,
  integrationKernel,
  mostReads,
  normalised,
  output,
  pastSlots,
  plainNorm,
  preliminaryNorm,
  queries,
  query,
  queryOfRead,
  readsAt,
  readsBefore,
  reciprocals,
  recurrentKernel,
  remembers,
  S,
  samples,
  scanKeptSize,
  segmentLength,
  shareOfRead,
  shareRows,
  slot,
  slotsBefore,
  sustained,
  T,
} from './scan-sizes';

let packedRecurrent: usize, packedIntegration: usize, packedInner: usize;
// States `[H]`: of ∂y, of what goes on to the step before, of the inner loop, of x where the boundary does not have it.
let dY: usize, carried: usize, dQ: usize, dX: usize, onlyRead: usize, masked: usize, held: usize;
let ofPrevious: usize;
/** Two states and a row. */
let work: usize;
let maskAt: usize;
/** ∂ boundary of every step `[T][H]`. */
let dBoundary: usize;
/** Of each read of the segment: what reaches A h_s `[reads · S][H]`, and its product with every slot, weighed. */
let dReads: usize, dShares: usize;
/** The same reads times what is left of A at them `[reads · S][H]`. */
let decayed: usize;
/** ∂A at the end of the segment `[H][H]`; nothing reads A after the last. */
let dMatrix: usize;
let laterReads: bool;
/** What reads from `pendingFrom` on gave to the slot before one that is done. */
let pending: usize;
let pendingSlot: i32, pendingFrom: i32;
/** ∂gain, ∂bias `[H]` and ∂weights of the past `[slots]`, not yet summed over lanes. */
let dGainRows: usize, dBiasRows: usize, dPastRows: usize;

function layOutScratch(at: usize): usize {
  const packed = packedSize(H, H) * 4;
  packedRecurrent = at;
  packedIntegration = at + packed;
  packedInner = at + 2 * packed;
  at += 3 * packed;
  const state = H * ROW;
  dY = at;
  carried = at + state;
  dQ = at + 2 * state;
  dX = at + 3 * state;
  onlyRead = at + 4 * state;
  masked = at + 5 * state;
  held = at + 6 * state;
  ofPrevious = at + 7 * state;
  dGainRows = at + 8 * state;
  dBiasRows = at + 9 * state;
  pending = at + 10 * state;
  work = at + 11 * state;
  at = work + 2 * state + ROW;
  maskAt = at;
  at += ROW;
  dBoundary = at;
  at += T * state;
  dReads = at;
  at += mostReads * S * state;
  dShares = at;
  at += mostReads * S * shareRows() * ROW;
  dPastRows = at;
  at += pastSlots * ROW;
  const hasMatrices = remembers && (T > segmentLength || firstA !== 0);
  decayed = at;
  at += hasMatrices ? mostReads * S * state : 0;
  dMatrix = at;
  at += hasMatrices ? H * state : 0;
  return at;
}

/** Floats that `scanBackward` needs to work. */
export function scanBackwardScratch(): i32 {
  return (layOutScratch(0) as i32) / 4;
}

// Where the results go; 0 is one that nobody asked for.
let dRecurrent: usize, dIntegration: usize, dInner: usize, dA: usize, dPast: usize;
let dPastWeights: usize;

/** From the gradient of every output, `dy [B, T, H]`, or of the last, `[B, H]`, to that of every input. */
export function scanBackward(
  dy: usize,
  lastOnly: i32,
  kept: usize,
  scratch: usize,
  dDrive: usize,
  dRecurrentAt: usize,
  dIntegrationAt: usize,
  dInnerAt: usize,
  dGain: usize,
  dBias: usize,
  dH: usize,
  dAAt: usize,
  dPastAt: usize,
  dWeightsAt: usize,
): void {
  dRecurrent = dRecurrentAt;
  dIntegration = dIntegrationAt;
  dInner = dInnerAt;
  dA = dAAt;
  dPast = dPastAt;
  dPastWeights = dWeightsAt;
  const size = scanKeptSize(1) * 4;
  layOutScratch(scratch);
  prepareKernel(packedRecurrent, recurrentKernel, dRecurrent);
  prepareKernel(packedIntegration, integrationKernel, dIntegration);
  prepareKernel(packedInner, innerKernel, dInner);
  clear(dGainRows, 2 * H);
  for (let chunk = 0; chunk < chunks(); chunk++) {
    beginChunk(chunk, kept + chunk * size);
    backThroughTime(dy, lastOnly !== 0, dDrive);
    collectKernels();
    if (dH) fromLanes(dH + firstSample * H * 4, carried, H * 4, samples, H);
    if (dA) finishMatrix();
    if (dPast) finishPast();
  }
  if (dGain) sumLanes(dGain, dGainRows, H);
  if (dBias) sumLanes(dBias, dBiasRows, H);
}

function prepareKernel(packed: usize, kernel: usize, gradient: usize): void {
  if (gradient) memory.fill(gradient, 0, H * H * 4);
  if (kernel) pack(packed, kernel, H, H, H * 4, 4);
}

function backThroughTime(dy: usize, lastOnly: bool, dDrive: usize): void {
  laterReads = false;
  pendingSlot = -1;
  clear(carried, H);
  memory.fill(dPastRows, 0, pastSlots * ROW);
  for (let t = T - 1; t >= 0; t--) {
    const at = (firstSample * T + t) * H * 4;
    if (!lastOnly) {
      toLanes(dY, dy + at, T * H * 4, samples, H);
      accumulate(dY, carried, H);
    } else if (t === T - 1) {
      toLanes(dY, dy + firstSample * H * 4, H * 4, samples, H);
    } else {
      copy(dY, carried, H);
    }
    if (remembers) fromMemory(t);
    const dz = stepBackward(t);
    if (dDrive) fromLanes(dDrive + at, dz, T * H * 4, samples, H);
    if (t % segmentLength === 0 && hasMatrix(t)) matrixBackward(t);
  }
}

/** The step after the last of t's segment. */
function segmentEnd(t: i32): i32 {
  return min(segmentStart(t) + segmentLength, T);
}

function readsOf(t: i32): i32 {
  return (entry(readsBefore, t) - entry(readsBefore, segmentStart(t))) * S;
}

function dRead(t: i32, s: i32): usize {
  return dReads + (readsOf(t) + s) * H * ROW;
}

function dShare(t: i32, s: i32): usize {
  return dShares + (readsOf(t) + s) * shareRows() * ROW;
}

/** ∂y of a step that wrote: from every read of its slot, and through A at the segment's end. */
function fromMemory(t: i32): void {
  if (entry(slotsBefore, t + 1) === entry(slotsBefore, t)) return;
  const number = endSlot(t);
  const first = entry(readsBefore, t + 1);
  if (number === pendingSlot) {
    accumulate(dY, pending, H);
    fromReads(dY, t, first, pendingFrom, number);
  } else {
    const end = entry(readsBefore, segmentEnd(t));
    if (number > max(firstSlot(t), pastSlots)) {
      fromReadsOfTwo(t, first, end, number);
    } else {
      fromReads(dY, t, first, end, number);
    }
  }
  if (laterReads) {
    fromMatrix(dY, t, number);
  }
}

/** out += Σ over some of the segment's reads: share · g + dShare · q, the two sides of a dot product. */
function fromReads(out: usize, t: i32, first: i32, end: i32, number: i32): void {
  if (end <= first) return;
  const skipped = (first - entry(readsBefore, segmentStart(t))) * S;
  const column = (number - firstSlot(t)) * ROW;
  const stride = shareRows() * ROW;
  const g = dReads + skipped * H * ROW;
  const right = dShares + skipped * stride + column;
  pull(
    out,
    shareOfRead(first) + column,
    right,
    stride,
    g,
    queryOfRead(first),
    (end - first) * S,
    H,
  );
}

/** The same for a slot and the one before it, whose share waits until its own step: each read is loaded once for both. */
function fromReadsOfTwo(t: i32, first: i32, end: i32, number: i32): void {
  pendingSlot = number - 1;
  pendingFrom = first;
  clear(pending, H);
  if (end <= first) return;
  const skipped = (first - entry(readsBefore, segmentStart(t))) * S;
  const column = (number - 1 - firstSlot(t)) * ROW;
  const stride = shareRows() * ROW;
  const g = dReads + skipped * H * ROW;
  const left = shareOfRead(first) + column;
  const right = dShares + skipped * stride + column;
  pullPair(pending, dY, left, right, stride, g, queryOfRead(first), (end - first) * S, H);
}

/** out += η λ^… (∂A + ∂Aᵀ) h of a slot, at the end of its segment. */
function fromMatrix(out: usize, t: i32, number: i32): void {
  const state = H * ROW;
  const h = slot(number);
  dots(work, dMatrix, state, H, h, H);
  combine(work, h, ROW, dMatrix, state, H, work, H);
  strengthRow(work + state, segmentEnd(t), number);
  scale(work, work, work + state, H);
  accumulate(out, work, H);
}

/** One step; leaves what goes to h(t−1) in `carried`, and returns the gradient of x(t). */
function stepBackward(t: i32): usize {
  const dz = dBoundary + t * H * ROW;
  const before = previous(t, ofPrevious, maskAt);
  const holds = who(t, HOLD);
  if (who(t, READ) === NONE) skipReads(t);
  if (holds === ALL) {
    clear(dz, H);
    copy(carried, dY, H);
    dropWiped(t, before);
    return dz;
  }
  if (holds === MIXED) {
    maskRow(maskAt, t, HOLD);
    select(held, maskAt, dY, 0, H);
    select(dY, maskAt, 0, dY, H);
  }
  const dx = throughStep(t, dz);
  throughBoundary(t, dz, before);
  if (holds === MIXED) accumulate(carried, held, H);
  dropWiped(t, before);
  return dx;
}

/** Where others in the batch read at this step and this chunk does not. */
function skipReads(t: i32): void {
  if (readsAt(t) === 0) return;
  clear(dRead(t, 0), S * H);
  clear(dShare(t, 0), S * shareRows());
  if (hasMatrix(t)) clear(decayed + readsOf(t) * H * ROW, S * H);
}

/** Of a state that was wiped nothing goes back. */
function dropWiped(t: i32, before: usize): void {
  if (!before) {
    clear(carried, H);
  } else if (t > 0 && who(t - 1, WIPE) === MIXED) {
    maskRow(maskAt, t - 1, WIPE);
    select(carried, maskAt, 0, carried, H);
  }
}

/** From ∂y to ∂ boundary in `dz`; returns the gradient of x, which is `dz` or has more in it. */
function throughStep(t: i32, dz: usize): usize {
  const reads = who(t, READ);
  const y = output(t);
  if (reads === NONE) {
    activateBackward(dz, y, dY, plainNorm(t));
    return dz;
  }
  if (reads === ALL) {
    clear(dz, H);
    return settleBackward(t, dz, dY);
  }
  maskRow(maskAt, t, READ);
  select(onlyRead, maskAt, dY, 0, H);
  select(dY, maskAt, 0, dY, H);
  activateBackward(dz, y, dY, plainNorm(t));
  return settleBackward(t, dz, onlyRead);
}

/** Back through h_S … h₀. `g` is written over. */
function settleBackward(t: i32, dz: usize, g: usize): usize {
  for (let s = S - 1; s >= 0; s--) {
    const h = s + 1 === S ? output(t) : query(t, s + 1);
    const toRead = dRead(t, s);
    activateBackward(toRead, h, g, innerNorm(t, s));
    if (sustained) {
      accumulate(dz, toRead, H);
      readBackward(g, 0, t, s);
    } else {
      readBackward(g, toRead, t, s);
    }
  }
  const h0 = S === 0 ? output(t) : query(t, 0);
  activateBackward(g, h0, g, preliminaryNorm(t));
  const integrates = sustained ? who(t, INTEGRATE) : NONE;
  if (integrates === NONE) {
    accumulate(dz, g, H);
    return dz;
  }
  // Where a step integrates, h₀ came of the input alone.
  copy(dX, dz, H);
  accumulate(dX, g, H);
  if (integrates === MIXED) {
    maskRow(maskAt, t, INTEGRATE);
    select(g, maskAt, 0, g, H);
    accumulate(dz, g, H);
  }
  return dX;
}

/** Through f(N[u]), or f(u) where there is no norm; `out` may be `g`. */
function activateBackward(out: usize, h: usize, g: usize, norm: i32): void {
  if (norm < 0) {
    rectifyBackward(out, h, g, H);
    return;
  }
  const hat = normalised + norm * H * ROW;
  const reciprocal = reciprocals + norm * ROW;
  normaliseBackward(out, h, g, hat, reciprocal, gain, dGainRows, dBiasRows, H);
}

/** out = base + Aᵀ g, or base + g Uᵀ: from what reached A h_s to h_s. */
function readBackward(out: usize, base: usize, t: i32, s: i32): void {
  const g = dRead(t, s);
  if (innerKernel) {
    multiply(out, packedInner, g, base, H, H);
    return;
  }
  const state = H * ROW;
  const first = firstSlot(t);
  const open = firstOpenSlot(t);
  const n = remembers ? endSlot(t) - open : 0;
  if (n > 0) {
    const rows = dShare(t, s);
    const openRows = rows + (open - first) * ROW;
    dots(openRows, slot(open), state, n, g, H);
    if (dPastWeights && first === 0) toPastWeights(t, s, open, rows);
    weigh(rows, t, work);
    combine(out, openRows, ROW, slot(open), state, n, base, H);
  } else if (base) {
    copy(out, base, H);
  } else {
    clear(out, H);
  }
  if (hasMatrix(t)) {
    const scaled = decayed + (readsOf(t) + s) * state;
    decayRow(work, segmentStart(t), t);
    scale(scaled, g, work, H);
    combine(out, scaled, ROW, matrixOf(t), state, H, out, H);
  }
}

/** ∂weight of a past slot += what is left of it · ⟨slot, q⟩ ⟨slot, g⟩ */
function toPastWeights(t: i32, s: i32, open: i32, products: usize): void {
  for (let j = open; j < pastSlots; j++) {
    dots(work, slot(j), H * ROW, 1, query(t, s), H);
    pastStrengthRow(work + ROW, t, j);
    const at = dPastRows + j * ROW;
    for (let v = 0; v < ROW; v += 16) {
      const both = f32x4.mul(v128.load(work + v), v128.load(products + j * ROW + v));
      const left = f32x4.mul(both, v128.load(work + ROW + v));
      v128.store(at + v, f32x4.add(v128.load(at + v), left));
    }
  }
}

/** carried = ∂ boundary · Wᵀ, or W_intᵀ in the samples that integrate. */
function throughBoundary(t: i32, dz: usize, before: usize): void {
  if (!before) {
    clear(carried, H);
    return;
  }
  const integrates = who(t, INTEGRATE);
  const packed = integrates === ALL ? packedIntegration : packedRecurrent;
  multiply(carried, packed, dz, 0, H, H);
  if (integrates === MIXED) {
    multiply(work, packedIntegration, dz, 0, H, H);
    maskRow(maskAt, t, INTEGRATE);
    select(carried, maskAt, work, carried, H);
  }
}

/** At the start t of a segment with a matrix: ∂A ← λⁿ ∂A + Σ over its reads of λ^… g qᵀ. */
function matrixBackward(t: i32): void {
  const state = H * ROW;
  if (laterReads) {
    decayRow(work, t, segmentEnd(t));
    scale(dMatrix, dMatrix, work, H * H);
  } else {
    clear(dMatrix, H * H);
  }
  laterReads = true;
  const n = (entry(readsBefore, segmentEnd(t)) - entry(readsBefore, t)) * S;
  for (let i = 0; i < H; i++) {
    const row = dMatrix + i * state;
    combine(row, decayed + i * ROW, state, query(t, 0), state, n, row, H);
  }
}

function finishMatrix(): void {
  const size = H * H;
  if (!remembers) memory.fill(dA + firstSample * size * 4, 0, samples * size * 4);
  else fromLanes(dA + firstSample * size * 4, dMatrix, size * 4, samples, size);
}

function finishPast(): void {
  for (let j = 0; j < pastSlots; j++) {
    clear(dQ, H);
    if (remembers) fromReads(dQ, 0, 0, entry(readsBefore, segmentEnd(0)), j);
    fromLanes(dPast + (j * B + firstSample) * H * 4, dQ, H * 4, samples, H);
    for (let lane = 0; lane < samples; lane++) {
      const at = dPastWeights + (j * B + firstSample + lane) * 4;
      store<f32>(at, load<f32>(dPastRows + j * ROW + lane * 4));
    }
  }
}

/** ∂W += Σ_t h(t−1)ᵀ ∂boundary(t), as many steps at once as go alike; ∂U likewise over the reads. */
function collectKernels(): void {
  let t = 0;
  while (t < T) {
    const integrates = who(t, INTEGRATE);
    const before = previous(t, ofPrevious, maskAt);
    const dz = dBoundary + t * H * ROW;
    let next = t + 1;
    if (before && integrates === MIXED) {
      maskRow(maskAt, t, INTEGRATE);
      select(masked, maskAt, dz, 0, H);
      if (dIntegration) collect(dIntegration, before, masked, 1, H, H, work);
      select(masked, maskAt, 0, dz, H);
      if (dRecurrent) collect(dRecurrent, before, masked, 1, H, H, work);
    } else if (before) {
      if (t > 0) while (next < T && goesLike(next, integrates) && before !== ofPrevious) next++;
      const gradient = integrates === ALL ? dIntegration : dRecurrent;
      if (gradient) collect(gradient, before, dz, next - t, H, H, work);
    }
    t = next;
  }
  if (dInner) collect(dInner, queries, dReads, entry(readsBefore, T) * S, H, H, work);
}

/** Whether step t comes from the whole state before it, by the same kernel. */
function goesLike(t: i32, integrates: i32): bool {
  return who(t - 1, WIPE) === NONE && who(t, INTEGRATE) === integrates;
}
