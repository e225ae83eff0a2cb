import { matmul } from './matmul';
import { pack, packTransposed } from './panels';

// y = f(x · W + b): x [rows, inputs], W [inputs, outputs], b [outputs], y [rows, outputs].

/**
 * y.
 *
 * @param bias b; 0 for none
 * @param rectified whether f is ReLU; it is the identity else
 * @param panels room for W in panels
 */
export function linear(
  x: usize,
  weights: usize,
  bias: usize,
  rectified: bool,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  panels: usize,
  scratch: usize,
): void {
  pack(weights, inputs, outputs, panels);
  matmul(
    x,
    (<usize>inputs) << 2,
    4,
    panels,
    bias,
    rectified ? 0 : -Infinity,
    y,
    rows,
    inputs,
    outputs,
    scratch,
  );
}

/** dW = xᵀ · ds, where ds is the gradient of the sums that f takes; `panels` is room for ds in panels. */
export function linearWeightsGrad(
  x: usize,
  ds: usize,
  dWeights: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  panels: usize,
  scratch: usize,
): void {
  pack(ds, rows, outputs, panels);
  matmul(
    x,
    4,
    (<usize>inputs) << 2,
    panels,
    0,
    -Infinity,
    dWeights,
    inputs,
    rows,
    outputs,
    scratch,
  );
}

/** dx = ds · Wᵀ; `panels` is room for Wᵀ in panels. */
export function linearInputsGrad(
  ds: usize,
  weights: usize,
  dx: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  panels: usize,
  scratch: usize,
): void {
  packTransposed(weights, inputs, outputs, panels);
  matmul(ds, (<usize>outputs) << 2, 4, panels, 0, -Infinity, dx, rows, outputs, inputs, scratch);
}

/** db: the sum of the rows of ds. */
export function linearBiasGrad(ds: usize, dBias: usize, rows: i32, outputs: i32): void {
  const stride = (<usize>outputs) << 2;
  const end = ds + <usize>rows * stride;
  let column = 0;
  for (; column + 4 <= outputs; column += 4) {
    const x = (<usize>column) << 2;
    // Two sums, since each addition waits for the one before it.
    let even = f32x4.splat(0);
    let odd = even;
    let at = ds;
    for (; at + stride < end; at += 2 * stride) {
      even = f32x4.add(even, v128.load(at + x));
      odd = f32x4.add(odd, v128.load(at + x + stride));
    }
    if (at < end) even = f32x4.add(even, v128.load(at + x));
    v128.store(dBias + x, f32x4.add(even, odd));
  }
  for (; column < outputs; column++) {
    const x = (<usize>column) << 2;
    let sum: f32 = 0;
    for (let at = ds; at < end; at += stride) sum += load<f32>(at + x);
    store<f32>(dBias + x, sum);
  }
}

/** ds = dy · f′ of a ReLU whose values are y; NaN where y is NaN. All have `size` numbers. */
export function rectifyGrad(y: usize, dy: usize, ds: usize, size: i32): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const bytes = (<usize>size) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const value = v128.load(y + at);
    const orNaN = v128.andnot(value, f32x4.eq(value, value));
    const slope = v128.bitselect(one, orNaN, f32x4.gt(value, zero));
    v128.store(ds + at, f32x4.mul(v128.load(dy + at), slope));
  }
  for (; at < bytes; at += 4) {
    const value = load<f32>(y + at);
    const slope: f32 = value > 0 ? 1 : value === 0 ? 0 : value;
    store<f32>(ds + at, load<f32>(dy + at) * slope);
  }
}
