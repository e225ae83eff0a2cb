import type { Variant } from './scan-call.ts';
import { commonSource } from './shader-parts.ts';

/** The scan forward, as ops/fast-weights-scan/reference.ts of core has it. */
export function forwardSource(v: Variant, keep: boolean): string {
  return /* wgsl */ `
${commonSource(v)}

var<workgroup> state: array<f32, H>;
var<workgroup> query: array<f32, H>;

${normaliseSource}

/** v ← f(N[v]), which is also the next query. */
fn settle(lane: u32, at: u32, normed: bool, v: ptr<function, Units>) {
  var scale = 1.0;
  if (normed) { scale = normalise(lane, v); }
  // All have done with the last query.
  workgroupBarrier();
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      let kept = (*v)[c];
      ${keep ? 'set_kept(at + i, kept);' : ''}
      (*v)[c] = rectify(scaled(i, kept, normed));
      query[i] = (*v)[c];
    }
  }
  ${keep ? 'if (lane == 0u) { set_kept(at + H, scale); }' : ''}
}

${recurSource('recur', 'recurrentKernel')}
${v.integrates ? recurSource('integrate', 'integrationKernel') : ''}
${recallSource(v)}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let b = group.y * groups.x + group.x;
  if (b >= u.B) { return; }
  let row = b * u.rowStride;
  // A state that is zero costs nothing.
  var isZero = ${!v.hasState};
  for (var i = lane; i < H; i += THREADS) { state[i] = ${v.hasState ? 'h(b * H + i)' : '0.0'}; }

  for (var t = 0u; t < u.T; t++) {
    let bits = plan(row + t);
    let step = b * u.T + t;
    if (has(bits, HOLD)) {
      for (var i = lane; i < H; i += THREADS) { set_y(step * H + i, state[i]); }
      continue;
    }
    let writes = u32(plan(row + 2u * u.T + t));
    var v = Units();
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) { v[c] = drive(step * H + i); }
    }
    var boundary = v;
    workgroupBarrier();
    if (!isZero) {
      ${v.integrates ? 'if (has(bits, INTEGRATE)) { integrate(lane, &boundary); } else { recur(lane, &boundary); }' : 'recur(lane, &boundary);'}
    }
    if (has(bits, READ)) {
      if (!(SUSTAINED && has(bits, INTEGRATE))) { v = boundary; }
      settle(lane, keptAt(step, 0u), ${v.preliminary}, &v);
      for (var s = 0u; s < S; s++) {
        if (SUSTAINED) { v = boundary; }
        workgroupBarrier();
        recall(lane, b, row, writes, &v);
        settle(lane, keptAt(step, s + 1u), ${v.inner}, &v);
      }
    } else {
      v = boundary;
      settle(lane, keptAt(step, 0u), ${v.plain}, &v);
    }
    isZero = has(bits, WIPE);
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) {
        set_y(step * H + i, v[c]);
        state[i] = select(v[c], 0.0, isZero);
      }
    }
    // Later reads of other threads find what was written.
    storageBarrier();
  }
}
`;
}

const normaliseSource = /* wgsl */ `
const EPSILON = 1e-5;

/** v ← (v − μ) / √(σ² + ε); answers with 1 / √(σ² + ε). */
fn normalise(lane: u32, v: ptr<function, Units>) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < PER_THREAD; c++) {
    if (lane + c * THREADS < H) { sum += (*v)[c]; }
  }
  let mean = total(lane, vec2<f32>(sum, 0.0)).x / f32(H);
  var squares = 0.0;
  for (var c = 0u; c < PER_THREAD; c++) {
    if (lane + c * THREADS < H) {
      (*v)[c] -= mean;
      squares += (*v)[c] * (*v)[c];
    }
  }
  let scale = inverseSqrt(total(lane, vec2<f32>(squares, 0.0)).x / f32(H) + EPSILON);
  for (var c = 0u; c < PER_THREAD; c++) { (*v)[c] *= scale; }
  return scale;
}
`;

const recurSource = (name: string, kernel: string): string => /* wgsl */ `
/** v ← v + h · kernel */
fn ${name}(lane: u32, v: ptr<function, Units>) {
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      var sum = 0.0;
      for (var k = 0u; k < H; k++) { sum += state[k] * ${kernel}(k * H + i); }
      (*v)[c] += sum;
    }
  }
}
`;

/** What stands for A, times the query. */
function recallSource(v: Variant): string {
  const matrix = v.hasMatrix
    ? /* wgsl */ `
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      var sum = 0.0;
      for (var k = 0u; k < H; k++) { sum += A((b * H + i) * H + k) * query[k]; }
      (*v)[c] += power(writes) * sum;
    }
  }`
    : '';
  const slow = v.innerKernel
    ? /* wgsl */ `
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      var sum = 0.0;
      for (var k = 0u; k < H; k++) { sum += query[k] * innerKernel(k * H + i); }
      (*v)[c] += sum;
    }
  }`
    : '';
  // As many slots at a time as there are threads to score them.
  const attention = /* wgsl */ `
  let newest = u.pastWrites + writes;
  for (var first = oldest(newest); first < newest; first += THREADS) {
    let count = min(THREADS, newest - first);
    workgroupBarrier();
    if (lane < count) {
      let slot = first + lane;
      let at = slotAt(b, row, slot);
      var score = 0.0;
      for (var k = 0u; k < H; k++) { score += slotValue(slot, at + k) * query[k]; }
      scores[lane] = strength(b, slot, writes) * score;
      places[lane] = at;
    }
    workgroupBarrier();
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) {
        var sum = 0.0;
        for (var j = 0u; j < count; j++) {
          sum += scores[j] * slotValue(first + j, places[j] + i);
        }
        (*v)[c] += sum;
      }
    }
  }`;
  return /* wgsl */ `
${v.writes ? 'var<workgroup> scores: array<f32, THREADS>;\nvar<workgroup> places: array<u32, THREADS>;' : ''}

/** v ← v + A query */
fn recall(lane: u32, b: u32, row: u32, writes: u32, v: ptr<function, Units>) {
  ${v.writes ? attention : ''}
  ${matrix}
  ${slow}
}
`;
}
