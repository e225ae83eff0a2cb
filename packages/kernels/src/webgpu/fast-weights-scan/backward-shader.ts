import type { Variant } from './scan-call.ts';
import { commonSource } from './shader-parts.ts';

/** Which results the backward pass has besides the gradient of the drive. */
export interface BackwardResults {
  /** dL/d boundary apart from dL/d drive: they differ where a step integrates. */
  readonly boundary: boolean;
  /** The gradients at A h_s, for products with h_s. */
  readonly recalled: boolean;
}

/**
 * The scan backwards through time. `driveGradient` is first dL/dy; reads of memory add to it at the steps that had
 * written; when its step has its turn, dL/d drive takes its place.
 */
export function backwardSource(v: Variant, { boundary, recalled }: BackwardResults): string {
  const hasNorm = v.inner || v.preliminary || v.plain;
  return /* wgsl */ `
${commonSource(v)}

var<workgroup> query: array<f32, H>;
var<workgroup> gradient: array<f32, H>;
${hasNorm ? 'var<private> gainGradient: Units;\nvar<private> biasGradient: Units;' : ''}

${unsettleSource(hasNorm)}
${backThroughSource('backThroughRecurrent', 'recurrentKernel', v)}
${v.integrates ? backThroughSource('backThroughIntegration', 'integrationKernel', v) : ''}
${recallSource(v, recalled)}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let b = group.y * groups.x + group.x;
  if (b >= u.B) { return; }
  let row = b * u.rowStride;
  // dL/dh, as the next step takes it over.
  var carried = Units();

  for (var left = u.T; left > 0u; left--) {
    let t = left - 1u;
    let bits = plan(row + t);
    let step = b * u.T + t;
    if (has(bits, HOLD)) {
      for (var c = 0u; c < PER_THREAD; c++) {
        let i = lane + c * THREADS;
        if (i < H) {
          carried[c] += driveGradient(step * H + i);
          set_driveGradient(step * H + i, 0.0);
          ${boundary ? 'set_boundaryGradient(step * H + i, 0.0);' : ''}
        }
      }
      continue;
    }
    let writes = u32(plan(row + 2u * u.T + t));
    var g = Units();
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) { g[c] = driveGradient(step * H + i) + select(carried[c], 0.0, has(bits, WIPE)); }
    }
    var toBoundary = Units();
    var toDrive = Units();
    if (has(bits, READ)) {
      for (var s = S; s > 0u; s--) {
        unsettle(lane, keptAt(step, s), ${v.inner}, &g);
        if (SUSTAINED) { for (var c = 0u; c < PER_THREAD; c++) { toBoundary[c] += g[c]; } }
        var toQuery = Units();
        if (!SUSTAINED) { toQuery = g; }
        unrecall(lane, b, row, step, s - 1u, writes, &g, &toQuery);
        g = toQuery;
      }
      unsettle(lane, keptAt(step, 0u), ${v.preliminary}, &g);
      if (SUSTAINED && has(bits, INTEGRATE)) {
        toDrive = g;
      } else {
        for (var c = 0u; c < PER_THREAD; c++) { toBoundary[c] += g[c]; }
      }
    } else {
      unsettle(lane, keptAt(step, 0u), ${v.plain}, &g);
      toBoundary = g;
    }
    // All have done with the last gradient.
    workgroupBarrier();
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) {
        set_driveGradient(step * H + i, toBoundary[c] + toDrive[c]);
        ${boundary ? 'set_boundaryGradient(step * H + i, toBoundary[c]);' : ''}
        gradient[i] = toBoundary[c];
      }
    }
    workgroupBarrier();
    carried = Units();
    if (${v.hasState ? 'true' : 't > 0u'}) {
      ${v.integrates ? 'if (has(bits, INTEGRATE)) { backThroughIntegration(lane, &carried); } else { backThroughRecurrent(lane, &carried); }' : 'backThroughRecurrent(lane, &carried);'}
    }
  }
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      ${v.hasState ? 'set_stateGradient(b * H + i, carried[c]);' : ''}
      ${hasNorm ? 'set_normGradient(2u * b * H + i, gainGradient[c]);\nset_normGradient((2u * b + 1u) * H + i, biasGradient[c]);' : ''}
    }
  }
}
`;
}

/** With x̂ = (v − μ) / σ and p = ∂L/∂x̂: ∂L/∂v = (p − mean(p) − x̂ mean(p x̂)) / σ */
const unsettleSource = (hasNorm: boolean): string => /* wgsl */ `
/** From the gradient of f(N[v]) to that of v. */
fn unsettle(lane: u32, at: u32, normed: bool, g: ptr<function, Units>) {
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) { (*g)[c] = rectifyGradient(scaled(i, kept(at + i), normed), (*g)[c]); }
  }
  ${
    hasNorm
      ? /* wgsl */ `
  if (normed) {
    var part = vec2<f32>(0.0);
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) {
        let x = kept(at + i);
        gainGradient[c] += (*g)[c] * x;
        biasGradient[c] += (*g)[c];
        (*g)[c] *= gain(i);
        part += vec2<f32>((*g)[c], (*g)[c] * x);
      }
    }
    let mean = total(lane, part) / f32(H);
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) { (*g)[c] = ((*g)[c] - mean.x - kept(at + i) * mean.y) * kept(at + H); }
    }
  }`
      : ''
  }
}
`;

const backThroughSource = (
  name: string,
  kernel: string,
  { transposed }: Variant,
): string => /* wgsl */ `
/** to ← to + kernel · gradient */
fn ${name}(lane: u32, to: ptr<function, Units>) {
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      var sum = 0.0;
      for (var k = 0u; k < H; k++) { sum += ${kernel}(${transposed ? 'k * H + i' : 'i * H + k'}) * gradient[k]; }
      (*to)[c] += sum;
    }
  }
}
`;

/**
 * Of r = A q with A q = Σ_j a_j v_j ⟨v_j, q⟩, and g = ∂L/∂r:
 * ∂L/∂q = Σ_j a_j v_j ⟨v_j, g⟩, ∂L/∂v_j = a_j (⟨v_j, q⟩ g + ⟨v_j, g⟩ q), ∂L/∂a_j = ⟨v_j, q⟩ ⟨v_j, g⟩
 */
function recallSource(v: Variant, recalled: boolean): string {
  const attention = /* wgsl */ `
  let newest = u.pastWrites + writes;
  let old = oldest(newest);
  // A slot is always the same thread's: it alone adds to the gradient of its weight.
  for (var start = old - old % THREADS; start < newest; start += THREADS) {
    workgroupBarrier();
    let own = start + lane;
    if (own >= old && own < newest) {
      let at = slotAt(b, row, own);
      var asked = 0.0;
      var answered = 0.0;
      for (var k = 0u; k < H; k++) {
        let value = slotValue(own, at + k);
        asked += value * query[k];
        answered += value * gradient[k];
      }
      let strong = strength(b, own, writes);
      scores[lane] = vec2<f32>(strong * asked, strong * answered);
      places[lane] = at;
      ${v.hasPast ? addWeightGradient : ''}
    }
    workgroupBarrier();
    let end = min(start + THREADS, newest);
    for (var c = 0u; c < PER_THREAD; c++) {
      let i = lane + c * THREADS;
      if (i < H) {
        for (var slot = max(start, old); slot < end; slot++) {
          let at = places[slot - start] + i;
          let score = scores[slot - start];
          (*to)[c] += score.y * slotValue(slot, at);
          let more = score.x * (*g)[c] + score.y * query[i];
          ${v.hasPast ? 'if (slot < u.pastWrites) { set_pastGradient(at, pastGradient(at) + more); continue; }' : ''}
          set_driveGradient(at, driveGradient(at) + more);
        }
      }
    }
  }`;
  const matrix = /* wgsl */ `
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      var sum = 0.0;
      for (var k = 0u; k < H; k++) { sum += A((b * H + k) * H + i) * gradient[k]; }
      (*to)[c] += power(writes) * sum;
    }
  }`;
  return /* wgsl */ `
${v.writes ? 'var<workgroup> scores: array<vec2<f32>, THREADS>;\nvar<workgroup> places: array<u32, THREADS>;' : ''}
${v.innerKernel ? backThroughSource('backThroughInner', 'innerKernel', v) : ''}

/** to ← to + Aᵀ g, where A h_s was read; g also goes to what A is made of. */
fn unrecall(
  lane: u32, b: u32, row: u32, step: u32, s: u32, writes: u32,
  g: ptr<function, Units>, to: ptr<function, Units>,
) {
  workgroupBarrier();
  for (var c = 0u; c < PER_THREAD; c++) {
    let i = lane + c * THREADS;
    if (i < H) {
      let normed = select(${v.inner}, ${v.preliminary}, s == 0u);
      query[i] = rectify(scaled(i, kept(keptAt(step, s) + i), normed));
      gradient[i] = (*g)[c];
      ${recalled ? 'set_recalledGradient((step * S + s) * H + i, (*g)[c]);' : ''}
    }
  }
  workgroupBarrier();
  ${v.writes ? attention : ''}
  ${v.hasMatrix ? matrix : ''}
  ${v.innerKernel ? 'backThroughInner(lane, to);' : ''}
}
`;
}

const addWeightGradient = /* wgsl */ `
      if (own < u.pastWrites) {
        let at = own * u.B + b;
        set_weightsGradient(at, weightsGradient(at) + power(writes) * asked * answered);
      }`;
