// Rectified layer norm of a state `[H]` of rows of 16 lanes: h = f(gain ∘ x̂ + bias), x̂ = (u − μ) / √(σ² + ε).

import { ROW } from './lanes';

const EPSILON: f32 = 1e-5;

/** max(0, x), which passes NaN on: a comparison with NaN is false. */
function rectified(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** A gradient where the state is above zero; also where it is no number. */
function through(g: v128, h: v128): v128 {
  return v128.andnot(g, f32x4.le(h, f32x4.splat(0)));
}

export function rectify(out: usize, from: usize, units: i32): void {
  const end = from + units * ROW;
  for (; from < end; from += 16, out += 16) v128.store(out, rectified(v128.load(from)));
}

/** out = g where h > 0 */
export function rectifyBackward(out: usize, h: usize, g: usize, units: i32): void {
  const end = g + units * ROW;
  for (; g < end; g += 16, h += 16, out += 16) {
    v128.store(out, through(v128.load(g), v128.load(h)));
  }
}

export function normalise(
  out: usize,
  from: usize,
  hat: usize,
  reciprocal: usize,
  gain: usize,
  bias: usize,
  units: i32,
): void {
  const n = f32x4.splat(units as f32);
  for (let v = 0; v < ROW; v += 16) {
    let sum = f32x4.splat(0);
    const size = units * ROW;
    for (let i = v; i < size; i += ROW) sum = f32x4.add(sum, v128.load(from + i));
    const mean = f32x4.div(sum, n);
    let squares = f32x4.splat(0);
    for (let i = v; i < size; i += ROW) {
      const centred = f32x4.sub(v128.load(from + i), mean);
      squares = f32x4.add(squares, f32x4.mul(centred, centred));
    }
    const deviation = f32x4.sqrt(f32x4.add(f32x4.div(squares, n), f32x4.splat(EPSILON)));
    const r = f32x4.div(f32x4.splat(1), deviation);
    v128.store(reciprocal + v, r);
    let w = 0;
    for (let i = v; i < size; i += ROW, w += 4) {
      const x = f32x4.mul(f32x4.sub(v128.load(from + i), mean), r);
      v128.store(hat + i, x);
      const scaled = f32x4.mul(x, v128.load32_splat(gain + w));
      v128.store(out + i, rectified(f32x4.add(scaled, v128.load32_splat(bias + w))));
    }
  }
}

/**
 * From the gradient of h to that of u:
 *
 *     g' = g where h > 0      ∂bias += g'      ∂gain += g' ∘ x̂
 *     ∂u = r (g'gain − mean(g'gain) − x̂ mean(g'gain ∘ x̂))
 *
 * ∂gain and ∂bias are rows of lanes, summed across at the end. `out` may be `g`.
 */
export function normaliseBackward(
  out: usize,
  h: usize,
  g: usize,
  hat: usize,
  reciprocal: usize,
  gain: usize,
  dGain: usize,
  dBias: usize,
  units: i32,
): void {
  const n = f32x4.splat(units as f32);
  const size = units * ROW;
  for (let v = 0; v < ROW; v += 16) {
    let sum = f32x4.splat(0);
    let projection = f32x4.splat(0);
    let w = 0;
    for (let i = v; i < size; i += ROW, w += 4) {
      const passed = through(v128.load(g + i), v128.load(h + i));
      const x = v128.load(hat + i);
      v128.store(dBias + i, f32x4.add(v128.load(dBias + i), passed));
      v128.store(dGain + i, f32x4.add(v128.load(dGain + i), f32x4.mul(passed, x)));
      const scaled = f32x4.mul(passed, v128.load32_splat(gain + w));
      v128.store(out + i, scaled);
      sum = f32x4.add(sum, scaled);
      projection = f32x4.add(projection, f32x4.mul(scaled, x));
    }
    const mean = f32x4.div(sum, n);
    const tilt = f32x4.div(projection, n);
    const r = v128.load(reciprocal + v);
    for (let i = v; i < size; i += ROW) {
      const level = f32x4.sub(v128.load(out + i), mean);
      const rest = f32x4.sub(level, f32x4.mul(v128.load(hat + i), tilt));
      v128.store(out + i, f32x4.mul(rest, r));
    }
  }
}
