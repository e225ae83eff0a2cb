// One call of the scan: its sizes, where its inputs are, and where it keeps what. Addresses are in bytes, sizes in
// rows of 16 lanes (lanes.ts) unless said otherwise.
//
// B batch, T time, H units, S inner steps. A chunk is 16 samples. A slot is something written to memory: first what
// the state came with (`past`), then the steps that write. A segment is a stretch of time inside which memory is read
// as attention over the slots; what was written before it is in a matrix A, made at its start.

import { LANES, ROW } from './lanes';

export let B: i32, T: i32, H: i32, S: i32;
export let eta: f32;
/** Of a sample's writes only so many newest are remembered; 0 is all. */
export let window: i32;
let normInner: bool, normPreliminary: bool, normPlain: bool;
export let sustained: bool;
/** Whether there is a memory at all. */
export let remembers: bool;

export function scanSizes(
  batch: i32,
  time: i32,
  units: i32,
  innerSteps: i32,
  learningRate: f32,
  windowSize: i32,
  normPlaces: i32,
  isSustained: i32,
  hasMemory: i32,
): void {
  B = batch;
  T = time;
  H = units;
  S = innerSteps;
  eta = learningRate;
  window = windowSize;
  normInner = (normPlaces & 1) !== 0;
  normPreliminary = (normPlaces & 2) !== 0;
  normPlain = (normPlaces & 4) !== 0;
  sustained = isSustained !== 0;
  remembers = hasMemory !== 0;
}

/** Inputs; 0 is one that is absent. */
export let drive: usize, recurrentKernel: usize, integrationKernel: usize, innerKernel: usize;
export let gain: usize, bias: usize, firstH: usize, firstA: usize, past: usize, pastWeights: usize;

export function scanInputs(
  driveAt: usize,
  recurrentAt: usize,
  integrationAt: usize,
  innerAt: usize,
  gainAt: usize,
  biasAt: usize,
  hAt: usize,
  aAt: usize,
  pastAt: usize,
  weightsAt: usize,
): void {
  drive = driveAt;
  recurrentKernel = recurrentAt;
  integrationKernel = integrationAt;
  innerKernel = innerAt;
  gain = gainAt;
  bias = biasAt;
  firstH = hAt;
  firstA = aAt;
  past = pastAt;
  pastWeights = weightsAt;
}

/** Control bits `[rows][T]` and writes before each step `[rows][T + 1]`, int32; one row is for the whole batch. */
export let controlRows: i32, bits: usize, writesBefore: usize;
/** λ⁰, λ¹, … */
export let powers: usize;
/** Over the whole batch, int32: steps before each one in which anybody writes, reads, or does not read; `[T + 1]`. */
export let slotsBefore: usize, readsBefore: usize;
let plainsBefore: usize;
/** The step of each slot beyond the past, int32. */
export let slotSteps: usize;
/** Slots that the state came with. */
export let pastSlots: i32;
export let segmentLength: i32;
/** The most slots, and the most reading steps, that a segment has. */
export let mostSlots: i32, mostReads: i32;

export function scanControl(
  rows: i32,
  bitsAt: usize,
  writesAt: usize,
  powersAt: usize,
  slotsAt: usize,
  readsAt: usize,
  plainsAt: usize,
  slotStepsAt: usize,
  pasts: i32,
  segment: i32,
  slotsOfSegment: i32,
  readsOfSegment: i32,
): void {
  controlRows = rows;
  bits = bitsAt;
  writesBefore = writesAt;
  powers = powersAt;
  slotsBefore = slotsAt;
  readsBefore = readsAt;
  plainsBefore = plainsAt;
  slotSteps = slotStepsAt;
  pastSlots = pasts;
  segmentLength = segment;
  mostSlots = slotsOfSegment;
  mostReads = readsOfSegment;
}

export function entry(table: usize, i: i32): i32 {
  return load<i32>(table + i * 4);
}

/** Whether the slots are just the outputs, one after the other: then they need no place of their own. */
export function slotsAreOutputs(): bool {
  return pastSlots === 0 && entry(slotsBefore, T) === T;
}

/** Whether a backward pass will follow. Without one, what a step needs is overwritten by the next. */
export let keeps: bool;

// Where a chunk keeps what its backward pass will want again.
/** Every output `[T][H]`. */
let outputs: usize;
/** `[slots][H]` */
let slots: usize;
/** h₀ … h_{S−1} of the steps that read `[reads][S][H]`. */
export let queries: usize;
/** What layer norm made before gain and bias `[norms][H]`, and one over the deviation `[norms]`. */
export let normalised: usize, reciprocals: usize;
/** How strongly each read took each slot of its segment `[reads][S][shareRows]`. */
let shares: usize;
/** A at the start of each segment that has one `[segments][H][H]`. */
let matrices: usize;
/** h(0) `[H]` */
export let startH: usize;

function readSteps(): i32 {
  return keeps ? entry(readsBefore, T) : 1;
}

function plainSteps(): i32 {
  return keeps ? entry(plainsBefore, T) : 1;
}

function matrixCount(): i32 {
  if (!remembers) return 0;
  const later = (T - 1) / segmentLength;
  const all = later + (firstA ? 1 : 0);
  return keeps ? all : min(all, 1);
}

/** Lays out one chunk from an address on; returns the address after it. */
function layOut(at: usize): usize {
  const reads = readSteps();
  let norms = 0;
  if (normInner) norms += reads * S;
  if (normPreliminary) norms += reads;
  if (normPlain) norms += plainSteps();
  outputs = at;
  at += T * H * ROW;
  if (slotsAreOutputs()) {
    slots = outputs;
  } else {
    slots = at;
    at += (remembers ? pastSlots + entry(slotsBefore, T) : 0) * H * ROW;
  }
  queries = at;
  at += reads * S * H * ROW;
  normalised = at;
  at += norms * H * ROW;
  reciprocals = at;
  at += norms * ROW;
  shares = at;
  at += reads * S * shareRows() * ROW;
  matrices = at;
  at += matrixCount() * H * H * ROW;
  startH = at;
  at += (firstH ? H : 0) * ROW;
  return at;
}

/** Floats that one chunk keeps. */
export function scanKeptSize(keep: i32): i32 {
  keeps = keep !== 0;
  return (layOut(0) as i32) / 4;
}

export function chunks(): i32 {
  return (B + LANES - 1) / LANES;
}

// The chunk at work.
export let firstSample: i32, samples: i32;

export function beginChunk(chunk: i32, keptAt: usize): void {
  firstSample = chunk * LANES;
  samples = min(LANES, B - firstSample);
  layOut(keptAt);
}

export function output(t: i32): usize {
  return outputs + t * H * ROW;
}

export function slot(j: i32): usize {
  return slots + j * H * ROW;
}

/** The number of a reading step, and of one that does not, among its like. */
function readNumber(t: i32): i32 {
  return keeps ? entry(readsBefore, t) : 0;
}

/** Whether anybody in the batch reads at a step: 1 or 0. */
export function readsAt(t: i32): i32 {
  return entry(readsBefore, t + 1) - entry(readsBefore, t);
}

function plainNumber(t: i32): i32 {
  return keeps ? entry(plainsBefore, t) : 0;
}

/** Rows from one read's shares to the next: an odd number, or a slot's would all fall into one set of the cache. */
export function shareRows(): i32 {
  return mostSlots | 1;
}

export function query(t: i32, s: i32): usize {
  return queryOfRead(readNumber(t)) + s * H * ROW;
}

export function share(t: i32, s: i32): usize {
  return shareOfRead(readNumber(t)) + s * shareRows() * ROW;
}

/** By the number of a reading step. */
export function queryOfRead(read: i32): usize {
  return queries + read * S * H * ROW;
}

export function shareOfRead(read: i32): usize {
  return shares + read * S * shareRows() * ROW;
}

export function matrix(segment: i32): usize {
  const number = keeps ? segment - (firstA ? 0 : 1) : 0;
  return matrices + number * H * H * ROW;
}

/** Where a norm stands among the norms; −1 where there is none. */
export function innerNorm(t: i32, s: i32): i32 {
  return normInner ? readNumber(t) * S + s : -1;
}

export function preliminaryNorm(t: i32): i32 {
  return normPreliminary ? (normInner ? readSteps() * S : 0) + readNumber(t) : -1;
}

export function plainNorm(t: i32): i32 {
  if (!normPlain) return -1;
  return (normInner ? readSteps() * S : 0) + (normPreliminary ? readSteps() : 0) + plainNumber(t);
}
