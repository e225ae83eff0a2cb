/** How many numbers of a unit are kept of a step: the gates i, f, g, o as they act, and c. */
export const KEPT = 5;

export interface LstmVariant {
  readonly units: number;
  readonly threads: number;
  readonly hasState: boolean;
  readonly hasCell: boolean;
}

/** What both directions share: one workgroup computes one sample, each thread its own units. */
const commonSource = ({ units, threads }: LstmVariant): string => /* wgsl */ `
const H = ${units}u;
const THREADS = ${threads}u;
const PER_THREAD = ${Math.ceil(units / threads)}u;

// A thread has the units lane, lane + THREADS, … for itself; the last may be none.
alias Units = array<f32, PER_THREAD>;

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

/** WGSL's own tanh may overflow. */
fn squash(x: f32) -> f32 {
  let e = exp(-2.0 * abs(x));
  let size = (1.0 - e) / (1.0 + e);
  return select(size, -size, x < 0.0);
}
`;

/** i, f, g, o = x + h · W;  c = σ(f) c + σ(i) tanh(g);  h = σ(o) tanh(c) */
export const lstmForward = (v: LstmVariant, keep: boolean): string => /* wgsl */ `
${commonSource(v)}
var<workgroup> state: array<f32, H>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let b = group.y * groups.x + group.x;
  if (b >= u.B) { return; }
  var cell = Units();
  for (var n = 0u; n < PER_THREAD; n++) {
    let i = lane + n * THREADS;
    if (i < H) {
      state[i] = ${v.hasState ? 'h(b * H + i)' : '0.0'};
      ${v.hasCell ? 'cell[n] = c(b * H + i);' : ''}
    }
  }
  for (var t = 0u; t < u.T; t++) {
    let step = b * u.T + t;
    workgroupBarrier();
    var next = Units();
    for (var n = 0u; n < PER_THREAD; n++) {
      let i = lane + n * THREADS;
      if (i >= H) { continue; }
      let at = step * 4u * H + i;
      var gates = vec4<f32>(drive(at), drive(at + H), drive(at + 2u * H), drive(at + 3u * H));
      if (${v.hasState} || t > 0u) {
        for (var k = 0u; k < H; k++) {
          let w = k * 4u * H + i;
          gates += state[k] * vec4<f32>(
            recurrentKernel(w),
            recurrentKernel(w + H),
            recurrentKernel(w + 2u * H),
            recurrentKernel(w + 3u * H),
          );
        }
      }
      let acting = vec4<f32>(sigmoid(gates.x), sigmoid(gates.y), squash(gates.z), sigmoid(gates.w));
      cell[n] = acting.y * cell[n] + acting.x * acting.z;
      next[n] = acting.w * squash(cell[n]);
      set_y((b * (u.T + 1u) + t) * H + i, next[n]);
      ${keep ? keepSource : ''}
    }
    // All have done with the last state.
    workgroupBarrier();
    for (var n = 0u; n < PER_THREAD; n++) {
      let i = lane + n * THREADS;
      if (i < H) { state[i] = next[n]; }
    }
  }
  for (var n = 0u; n < PER_THREAD; n++) {
    let i = lane + n * THREADS;
    if (i < H) { set_y((b * (u.T + 1u) + u.T) * H + i, cell[n]); }
  }
}
`;

const keepSource = /* wgsl */ `
      for (var gate = 0u; gate < 4u; gate++) { set_kept((step * ${KEPT}u + gate) * H + i, acting[gate]); }
      set_kept((step * ${KEPT}u + 4u) * H + i, cell[n]);
`;

/** The same backwards through time; dL/d drive is that of the four gates before they act. */
export const lstmBackward = (v: LstmVariant): string => /* wgsl */ `
${commonSource(v)}
var<workgroup> gradient: array<f32, 4u * H>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let b = group.y * groups.x + group.x;
  if (b >= u.B) { return; }
  // dL/dh and dL/dc, as the next step takes them over; the last output is c(T).
  var toState = Units();
  var toCell = Units();
  for (var n = 0u; n < PER_THREAD; n++) {
    let i = lane + n * THREADS;
    if (i < H) { toCell[n] = dy((b * (u.T + 1u) + u.T) * H + i); }
  }
  for (var left = u.T; left > 0u; left--) {
    let t = left - 1u;
    let step = b * u.T + t;
    for (var n = 0u; n < PER_THREAD; n++) {
      let i = lane + n * THREADS;
      if (i >= H) { continue; }
      let at = step * ${KEPT}u * H + i;
      let acting = vec4<f32>(kept(at), kept(at + H), kept(at + 2u * H), kept(at + 3u * H));
      let shown = squash(kept(at + 4u * H));
      var before = ${v.hasCell ? 'c(b * H + i)' : '0.0'};
      if (t > 0u) { before = kept(at - H); }
      let toOutput = dy((b * (u.T + 1u) + t) * H + i) + toState[n];
      let g = toCell[n] + toOutput * acting.w * (1.0 - shown * shown);
      let slopes = vec4<f32>(acting.xy * (1.0 - acting.xy), 1.0 - acting.z * acting.z, acting.w * (1.0 - acting.w));
      let toGates = vec4<f32>(g * acting.z, g * before, g * acting.x, toOutput * shown) * slopes;
      toCell[n] = g * acting.y;
      for (var gate = 0u; gate < 4u; gate++) {
        set_driveGradient((step * 4u + gate) * H + i, toGates[gate]);
        gradient[gate * H + i] = toGates[gate];
      }
    }
    workgroupBarrier();
    for (var n = 0u; n < PER_THREAD; n++) {
      let i = lane + n * THREADS;
      if (i < H) {
        var sum = 0.0;
        for (var k = 0u; k < 4u * H; k++) { sum += recurrentKernel(i * 4u * H + k) * gradient[k]; }
        toState[n] = sum;
      }
    }
    workgroupBarrier();
  }
  for (var n = 0u; n < PER_THREAD; n++) {
    let i = lane + n * THREADS;
    if (i < H) {
      ${v.hasState ? 'set_stateGradient(b * H + i, toState[n]);' : ''}
      ${v.hasCell ? 'set_cellGradient(b * H + i, toCell[n]);' : ''}
    }
  }
}
`;
