// What the samples of a chunk do at a step, and what is left of what was written.

import { LANES } from './lanes';
import {
  B,
  bits,
  controlRows,
  entry,
  eta,
  firstSample,
  pastSlots,
  pastWeights,
  powers,
  samples,
  slotSteps,
  T,
  window,
  writesBefore,
} from './scan-sizes';

export const READ: i32 = 1;
const WRITE: i32 = 2;
export const WIPE: i32 = 4;
export const INTEGRATE: i32 = 8;
export const HOLD: i32 = 16;

export const NONE: i32 = 0;
export const ALL: i32 = 1;
export const MIXED: i32 = 2;

/** The sample of a lane; those beyond repeat the last one. */
function sampleOf(lane: i32): i32 {
  return firstSample + min(lane, samples - 1);
}

function controlRow(lane: i32): i32 {
  return controlRows === 1 ? 0 : sampleOf(lane);
}

function has(row: i32, t: i32, bit: i32): bool {
  return (entry(bits, row * T + t) & bit) !== 0;
}

/** Whether no sample of the chunk, all, or some do this at step t. */
export function who(t: i32, bit: i32): i32 {
  const first = has(controlRow(0), t, bit);
  if (controlRows > 1) {
    for (let lane = 1; lane < samples; lane++) {
      if (has(controlRow(lane), t, bit) !== first) return MIXED;
    }
  }
  return first ? ALL : NONE;
}

/** A row that is all ones in the lanes of the samples that do this. */
export function maskRow(out: usize, t: i32, bit: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    const on = has(controlRow(lane), t, bit);
    store<i32>(out + lane * 4, on ? -1 : 0);
  }
}

function power(n: i32): f32 {
  return load<f32>(powers + n * 4);
}

function writes(row: i32, t: i32): i32 {
  return entry(writesBefore, row * (T + 1) + t);
}

/** η λ^(writes since): what step t finds of a slot, in one control row. */
function strength(row: i32, t: i32, slotNumber: i32): f32 {
  const step = entry(slotSteps, slotNumber - pastSlots);
  if (!has(row, step, WRITE)) return 0;
  const since = writes(row, t) - writes(row, step) - 1;
  return window !== 0 && since >= window ? 0 : eta * power(since);
}

/** What step t finds of the weight that a slot of the past came with. */
function pastStrength(row: i32, t: i32, slotNumber: i32): f32 {
  const n = writes(row, t);
  const newer = pastSlots - 1 - slotNumber + n;
  return window !== 0 && newer >= window ? 0 : power(n);
}

function splatRow(out: usize, value: f32): void {
  const v = f32x4.splat(value);
  v128.store(out, v);
  v128.store(out, v, 16);
  v128.store(out, v, 32);
  v128.store(out, v, 48);
}

/** The same for every lane, as a row. */
export function strengthRow(out: usize, t: i32, slotNumber: i32): void {
  const isPast = slotNumber < pastSlots;
  if (controlRows === 1 && !isPast) {
    splatRow(out, strength(0, t, slotNumber));
    return;
  }
  for (let lane = 0; lane < LANES; lane++) {
    const row = controlRow(lane);
    const value = isPast
      ? pastStrength(row, t, slotNumber) *
        load<f32>(pastWeights + (slotNumber * B + sampleOf(lane)) * 4)
      : strength(row, t, slotNumber);
    store<f32>(out + lane * 4, value);
  }
}

/** What is left at step t of the weight that a slot of the past came with: 0 outside the window. */
export function pastStrengthRow(out: usize, t: i32, slotNumber: i32): void {
  for (let lane = 0; lane < LANES; lane++) {
    store<f32>(out + lane * 4, pastStrength(controlRow(lane), t, slotNumber));
  }
}

/** λ^(writes from one step to another) as a row. */
export function decayRow(out: usize, from: i32, to: i32): void {
  if (controlRows === 1) {
    splatRow(out, power(writes(0, to) - writes(0, from)));
    return;
  }
  for (let lane = 0; lane < LANES; lane++) {
    const row = controlRow(lane);
    store<f32>(out + lane * 4, power(writes(row, to) - writes(row, from)));
  }
}
