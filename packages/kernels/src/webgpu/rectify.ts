/**
 * ReLU that passes NaN on, and its gradient. By bits: WGSL lets a compiler take it that there are no NaN, so that
 * `max(x, 0)` and comparisons may make anything of them.
 */
export const rectifySource: string = /* wgsl */ `
const INFINITY_BITS = 0x7f800000u;

fn isNumber(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) <= INFINITY_BITS; }

fn rectify(x: f32) -> f32 {
  return select(x, 0.0, (bitcast<u32>(x) >> 31u) == 1u && isNumber(x));
}

/** dL/dx from dL/df at x, or at f(x), which is positive where x is. */
fn rectifyGradient(x: f32, g: f32) -> f32 {
  if (!isNumber(x)) { return x; }
  let bits = bitcast<u32>(x);
  return select(0.0, g, bits != 0u && (bits >> 31u) == 0u);
}
`;
