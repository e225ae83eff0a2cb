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
  const zero = f32x4.splat(0);
  const n = f32x4.splat(units as f32);
  const end = from + units * ROW;
  let m0 = zero;
  let m1 = zero;
  let m2 = zero;
  let m3 = zero;
  for (let at = from; at < end; at += ROW) {
    m0 = f32x4.add(m0, v128.load(at));
    m1 = f32x4.add(m1, v128.load(at, 16));
    m2 = f32x4.add(m2, v128.load(at, 32));
    m3 = f32x4.add(m3, v128.load(at, 48));
  }
  m0 = f32x4.div(m0, n);
  m1 = f32x4.div(m1, n);
  m2 = f32x4.div(m2, n);
  m3 = f32x4.div(m3, n);
  let r0 = zero;
  let r1 = zero;
  let r2 = zero;
  let r3 = zero;
  for (let at = from; at < end; at += ROW) {
    const c0 = f32x4.sub(v128.load(at), m0);
    r0 = f32x4.add(r0, f32x4.mul(c0, c0));
    const c1 = f32x4.sub(v128.load(at, 16), m1);
    r1 = f32x4.add(r1, f32x4.mul(c1, c1));
    const c2 = f32x4.sub(v128.load(at, 32), m2);
    r2 = f32x4.add(r2, f32x4.mul(c2, c2));
    const c3 = f32x4.sub(v128.load(at, 48), m3);
    r3 = f32x4.add(r3, f32x4.mul(c3, c3));
  }
  r0 = reciprocalDeviation(r0, n);
  v128.store(reciprocal, r0);
  r1 = reciprocalDeviation(r1, n);
  v128.store(reciprocal, r1, 16);
  r2 = reciprocalDeviation(r2, n);
  v128.store(reciprocal, r2, 32);
  r3 = reciprocalDeviation(r3, n);
  v128.store(reciprocal, r3, 48);
  for (let at = from; at < end; at += ROW) {
    const w = v128.load32_splat(gain);
    const b = v128.load32_splat(bias);
    const x0 = f32x4.mul(f32x4.sub(v128.load(at), m0), r0);
    v128.store(hat, x0);
    v128.store(out, rectified(f32x4.add(f32x4.mul(x0, w), b)));
    const x1 = f32x4.mul(f32x4.sub(v128.load(at, 16), m1), r1);
    v128.store(hat, x1, 16);
    v128.store(out, rectified(f32x4.add(f32x4.mul(x1, w), b)), 16);
    const x2 = f32x4.mul(f32x4.sub(v128.load(at, 32), m2), r2);
    v128.store(hat, x2, 32);
    v128.store(out, rectified(f32x4.add(f32x4.mul(x2, w), b)), 32);
    const x3 = f32x4.mul(f32x4.sub(v128.load(at, 48), m3), r3);
    v128.store(hat, x3, 48);
    v128.store(out, rectified(f32x4.add(f32x4.mul(x3, w), b)), 48);
    hat += ROW;
    out += ROW;
    gain += 4;
    bias += 4;
  }
}

/** 1 / √(σ² + ε), from a sum of squares */
function reciprocalDeviation(squares: v128, n: v128): v128 {
  const variance = f32x4.add(f32x4.div(squares, n), f32x4.splat(EPSILON));
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(variance));
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
  const zero = f32x4.splat(0);
  const n = f32x4.splat(units as f32);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  let p0 = zero;
  let p1 = zero;
  let p2 = zero;
  let p3 = zero;
  const size = units * ROW;
  for (let i = 0; i < size; i += ROW) {
    const w = v128.load32_splat(gain);
    const g0 = through(v128.load(g + i), v128.load(h + i));
    const x0 = v128.load(hat + i);
    v128.store(dBias + i, f32x4.add(v128.load(dBias + i), g0));
    v128.store(dGain + i, f32x4.add(v128.load(dGain + i), f32x4.mul(g0, x0)));
    const u0 = f32x4.mul(g0, w);
    v128.store(out + i, u0);
    s0 = f32x4.add(s0, u0);
    p0 = f32x4.add(p0, f32x4.mul(u0, x0));
    const g1 = through(v128.load(g + i, 16), v128.load(h + i, 16));
    const x1 = v128.load(hat + i, 16);
    v128.store(dBias + i, f32x4.add(v128.load(dBias + i, 16), g1), 16);
    v128.store(dGain + i, f32x4.add(v128.load(dGain + i, 16), f32x4.mul(g1, x1)), 16);
    const u1 = f32x4.mul(g1, w);
    v128.store(out + i, u1, 16);
    s1 = f32x4.add(s1, u1);
    p1 = f32x4.add(p1, f32x4.mul(u1, x1));
    const g2 = through(v128.load(g + i, 32), v128.load(h + i, 32));
    const x2 = v128.load(hat + i, 32);
    v128.store(dBias + i, f32x4.add(v128.load(dBias + i, 32), g2), 32);
    v128.store(dGain + i, f32x4.add(v128.load(dGain + i, 32), f32x4.mul(g2, x2)), 32);
    const u2 = f32x4.mul(g2, w);
    v128.store(out + i, u2, 32);
    s2 = f32x4.add(s2, u2);
    p2 = f32x4.add(p2, f32x4.mul(u2, x2));
    const g3 = through(v128.load(g + i, 48), v128.load(h + i, 48));
    const x3 = v128.load(hat + i, 48);
    v128.store(dBias + i, f32x4.add(v128.load(dBias + i, 48), g3), 48);
    v128.store(dGain + i, f32x4.add(v128.load(dGain + i, 48), f32x4.mul(g3, x3)), 48);
    const u3 = f32x4.mul(g3, w);
    v128.store(out + i, u3, 48);
    s3 = f32x4.add(s3, u3);
    p3 = f32x4.add(p3, f32x4.mul(u3, x3));
    gain += 4;
  }
  s0 = f32x4.div(s0, n);
  p0 = f32x4.div(p0, n);
  s1 = f32x4.div(s1, n);
  p1 = f32x4.div(p1, n);
  s2 = f32x4.div(s2, n);
  p2 = f32x4.div(p2, n);
  s3 = f32x4.div(s3, n);
  p3 = f32x4.div(p3, n);
  const r0 = v128.load(reciprocal);
  const r1 = v128.load(reciprocal, 16);
  const r2 = v128.load(reciprocal, 32);
  const r3 = v128.load(reciprocal, 48);
  for (let i = 0; i < size; i += ROW) {
    const d0 = f32x4.sub(f32x4.sub(v128.load(out + i), s0), f32x4.mul(v128.load(hat + i), p0));
    v128.store(out + i, f32x4.mul(d0, r0));
    const d1 = f32x4.sub(
      f32x4.sub(v128.load(out + i, 16), s1),
      f32x4.mul(v128.load(hat + i, 16), p1),
    );
    v128.store(out + i, f32x4.mul(d1, r1), 16);
    const d2 = f32x4.sub(
      f32x4.sub(v128.load(out + i, 32), s2),
      f32x4.mul(v128.load(hat + i, 32), p2),
    );
    v128.store(out + i, f32x4.mul(d2, r2), 32);
    const d3 = f32x4.sub(
      f32x4.sub(v128.load(out + i, 48), s3),
      f32x4.mul(v128.load(hat + i, 48), p3),
    );
    v128.store(out + i, f32x4.mul(d3, r3), 48);
  }
}
