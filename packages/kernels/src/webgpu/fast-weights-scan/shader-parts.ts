import { rectifySource } from '../rectify.ts';
import type { Variant } from './scan-call.ts';

/** What the shaders of both directions share: one workgroup computes one sample, each thread its own units. */
export function commonSource(v: Variant): string {
  const { units, threads } = v;
  const perThread = Math.ceil(units / threads);
  const hasNorm = v.inner || v.preliminary || v.plain;
  return /* wgsl */ `
const H = ${units}u;
const S = ${v.innerSteps}u;
const THREADS = ${threads}u;
const PER_THREAD = ${perThread}u;
const SUSTAINED = ${v.sustained};

const READ = 1;
const WRITE = 2;
const WIPE = 4;
const INTEGRATE = 8;
const HOLD = 16;

// A thread has the units lane, lane + THREADS, … for itself; the last may be none.
alias Units = array<f32, PER_THREAD>;

fn has(bits: i32, bit: i32) -> bool { return (bits & bit) != 0; }
fn power(n: u32) -> f32 { return bitcast<f32>(plan(u.powers + n)); }

/** Where h_s(t) of a sample is kept. */
fn keptAt(step: u32, s: u32) -> u32 { return (step * (S + 1u) + s) * (H + 1u); }

/** From what is kept of a unit to what f is applied to. */
fn scaled(i: u32, kept: f32, normed: bool) -> f32 {
  ${hasNorm ? 'if (normed) { return gain(i) * kept + bias(i); }' : ''}
  return kept;
}
${rectifySource}
${totalSource(threads)}
${v.writes ? writesSource(v) : ''}
`;
}

/** The sum of one pair of numbers of each thread, for all of them: first √THREADS sums, then their sum. */
const totalSource = (threads: number): string => /* wgsl */ `
const SUMS = ${Math.ceil(Math.sqrt(threads))}u;
var<workgroup> parts: array<vec2<f32>, THREADS>;
var<workgroup> sums: array<vec2<f32>, SUMS>;

fn total(lane: u32, part: vec2<f32>) -> vec2<f32> {
  parts[lane] = part;
  workgroupBarrier();
  if (lane < SUMS) {
    var sum = vec2<f32>();
    for (var i = lane; i < THREADS; i += SUMS) { sum += parts[i]; }
    sums[lane] = sum;
  }
  workgroupBarrier();
  var sum = vec2<f32>();
  for (var i = 0u; i < SUMS; i++) { sum += sums[i]; }
  return sum;
}
`;

/**
 * What a sample remembers at a step, oldest first: the slots it was given, and then its own writes, which are hidden
 * states in `y`. A window counts slots from the newest back.
 */
const writesSource = ({ hasPast }: Variant): string => /* wgsl */ `
fn oldest(newest: u32) -> u32 { return select(0u, newest - u.window, newest > u.window); }

fn writeStep(row: u32, slot: u32) -> u32 { return u32(plan(row + u.T + slot - u.pastWrites)); }

/** Where a slot's vector begins. */
fn slotAt(b: u32, row: u32, slot: u32) -> u32 {
  ${hasPast ? 'if (slot < u.pastWrites) { return (slot * u.B + b) * H; }' : ''}
  return (b * u.T + writeStep(row, slot)) * H;
}

fn slotValue(slot: u32, index: u32) -> f32 {
  ${hasPast ? 'if (slot < u.pastWrites) { return past(index); }' : ''}
  return y(index);
}

/** η λ^(writes since), after so many writes of this scan. */
fn strength(b: u32, slot: u32, writes: u32) -> f32 {
  ${hasPast ? 'if (slot < u.pastWrites) { return power(writes) * weights(slot * u.B + b); }' : ''}
  return u.eta * power(writes - 1u - (slot - u.pastWrites));
}
`;
