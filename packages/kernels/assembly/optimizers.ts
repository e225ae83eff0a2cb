// Updates of one weight: w and its gradient g, with its share of the moments. What is new goes elsewhere. The gradient is
// taken `scale` times: 1, or less where it is clipped.

/**
 * Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − rate m / (√(v · correction) + ε).
 *
 * @param rate α / (1 − β₁ᵗ)
 * @param correction 1 / (1 − β₂ᵗ)
 */
export function adamUpdate(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  newW: usize,
  newM: usize,
  newV: usize,
  size: i32,
  rate: f32,
  correction: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  scale: f32,
): void {
  const bytes = (<usize>size) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const gradient = f32x4.mul(v128.load(g + at), f32x4.splat(scale));
    const mean = f32x4.add(
      f32x4.mul(v128.load(m + at), f32x4.splat(beta1)),
      f32x4.mul(gradient, f32x4.splat(rest1)),
    );
    const square = f32x4.add(
      f32x4.mul(v128.load(v + at), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(rest2)),
    );
    const root = f32x4.sqrt(f32x4.mul(square, f32x4.splat(correction)));
    const step = f32x4.div(
      f32x4.mul(mean, f32x4.splat(rate)),
      f32x4.add(root, f32x4.splat(epsilon)),
    );
    v128.store(newM + at, mean);
    v128.store(newV + at, square);
    v128.store(newW + at, f32x4.sub(v128.load(w + at), step));
  }
  for (; at < bytes; at += 4) {
    const gradient = load<f32>(g + at) * scale;
    const mean = load<f32>(m + at) * beta1 + gradient * rest1;
    const square = load<f32>(v + at) * beta2 + gradient * gradient * rest2;
    const step = (mean * rate) / (sqrt<f32>(square * correction) + epsilon);
    store<f32>(newM + at, mean);
    store<f32>(newV + at, square);
    store<f32>(newW + at, load<f32>(w + at) - step);
  }
}

/** RMSProp: v ← ρ v + (1 − ρ) g², w ← w − α g / √(v + ε). */
export function rmsPropUpdate(
  w: usize,
  g: usize,
  v: usize,
  newW: usize,
  newV: usize,
  size: i32,
  rate: f32,
  decay: f32,
  rest: f32,
  epsilon: f32,
  scale: f32,
): void {
  const bytes = (<usize>size) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const gradient = f32x4.mul(v128.load(g + at), f32x4.splat(scale));
    const square = f32x4.add(
      f32x4.mul(v128.load(v + at), f32x4.splat(decay)),
      f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(rest)),
    );
    const root = f32x4.sqrt(f32x4.add(square, f32x4.splat(epsilon)));
    const step = f32x4.mul(f32x4.div(gradient, root), f32x4.splat(rate));
    v128.store(newV + at, square);
    v128.store(newW + at, f32x4.sub(v128.load(w + at), step));
  }
  for (; at < bytes; at += 4) {
    const gradient = load<f32>(g + at) * scale;
    const square = load<f32>(v + at) * decay + gradient * gradient * rest;
    const step = (gradient / sqrt<f32>(square + epsilon)) * rate;
    store<f32>(newV + at, square);
    store<f32>(newW + at, load<f32>(w + at) - step);
  }
}

/** Σ x², in double precision: squares of numbers that float32 holds do not overflow it. */
export function sumOfSquares(from: usize, size: i32): f64 {
  const bytes = (<usize>size) << 2;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const x = v128.load(from + at);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; at < bytes; at += 4) {
    const x = <f64>load<f32>(from + at);
    sum += x * x;
  }
  return sum;
}

/** Copies moments of weights that are not updated. */
export function copyFloats(from: usize, to: usize, size: i32): void {
  memory.copy(to, from, (<usize>size) << 2);
}
