// Updates of one weight: w and its gradient g, with its share of the moments. What is new goes elsewhere.

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
): void {
  const bytes = (<usize>size) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const gradient = v128.load(g + at);
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
    const gradient = load<f32>(g + at);
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
): void {
  const bytes = (<usize>size) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const gradient = v128.load(g + at);
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
    const gradient = load<f32>(g + at);
    const square = load<f32>(v + at) * decay + gradient * gradient * rest;
    const step = (gradient / sqrt<f32>(square + epsilon)) * rate;
    store<f32>(newV + at, square);
    store<f32>(newW + at, load<f32>(w + at) - step);
  }
}

/** Copies moments of weights that are not updated. */
export function copyFloats(from: usize, to: usize, size: i32): void {
  memory.copy(to, from, (<usize>size) << 2);
}
