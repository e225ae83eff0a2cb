// Recurrences compute 16 samples side by side. A row is one number of each of the 16, four vectors of four lanes; a
// state of H units is H rows, one after the other. Sums over units are then sums of rows: no vector is ever summed
// across, and no size leaves a remainder. Sizes: B batch, T time, H units.

export const LANES: i32 = 16;
/** Bytes of a row. */
export const ROW: i32 = 64;

/** out[row][lane] = from[lane][row]: rows of `units` floats, `stride` bytes from one sample to the next. */
export function toLanes(out: usize, from: usize, stride: i32, samples: i32, units: i32): void {
  if (samples < LANES) memory.fill(out, 0, units * ROW);
  let lane = 0;
  for (; lane + 4 <= samples; lane += 4) {
    const a = from + lane * stride;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    const to = out + lane * 4;
    let i = 0;
    for (; i + 4 <= units; i += 4) {
      const x = i * 4;
      const at = to + i * ROW;
      const va = v128.load(a + x);
      const vb = v128.load(b + x);
      const vc = v128.load(c + x);
      const vd = v128.load(d + x);
      const ab01 = v128.shuffle<f32>(va, vb, 0, 4, 1, 5);
      const ab23 = v128.shuffle<f32>(va, vb, 2, 6, 3, 7);
      const cd01 = v128.shuffle<f32>(vc, vd, 0, 4, 1, 5);
      const cd23 = v128.shuffle<f32>(vc, vd, 2, 6, 3, 7);
      v128.store(at, v128.shuffle<f64>(ab01, cd01, 0, 2));
      v128.store(at, v128.shuffle<f64>(ab01, cd01, 1, 3), 64);
      v128.store(at, v128.shuffle<f64>(ab23, cd23, 0, 2), 128);
      v128.store(at, v128.shuffle<f64>(ab23, cd23, 1, 3), 192);
    }
    for (; i < units; i++) {
      const x = i * 4;
      const at = to + i * ROW;
      store<f32>(at, load<f32>(a + x));
      store<f32>(at, load<f32>(b + x), 4);
      store<f32>(at, load<f32>(c + x), 8);
      store<f32>(at, load<f32>(d + x), 12);
    }
  }
  for (; lane < samples; lane++) {
    const a = from + lane * stride;
    for (let i = 0; i < units; i++) store<f32>(out + i * ROW + lane * 4, load<f32>(a + i * 4));
  }
}

/**
 * Lets lanes without a sample repeat the last one. They compute along, and a network of zeros may grow without bounds
 * where none of the samples does: infinity times a gradient of 0 is not 0.
 */
export function repeatLast(out: usize, samples: i32, rows: i32): void {
  if (samples === LANES) return;
  for (let i = 0; i < rows; i++) {
    const value = load<f32>(out + i * ROW + (samples - 1) * 4);
    for (let lane = samples; lane < LANES; lane++) store<f32>(out + i * ROW + lane * 4, value);
  }
}

/** The other way round: out[lane][row] = from[row][lane], for the samples that there are. */
export function fromLanes(out: usize, from: usize, stride: i32, samples: i32, units: i32): void {
  let lane = 0;
  for (; lane + 4 <= samples; lane += 4) {
    const a = out + lane * stride;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    const to = from + lane * 4;
    let i = 0;
    for (; i + 4 <= units; i += 4) {
      const x = i * 4;
      const at = to + i * ROW;
      const v0 = v128.load(at);
      const v1 = v128.load(at, 64);
      const v2 = v128.load(at, 128);
      const v3 = v128.load(at, 192);
      const ab01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
      const ab23 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
      const cd01 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
      const cd23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
      v128.store(a + x, v128.shuffle<f64>(ab01, cd01, 0, 2));
      v128.store(b + x, v128.shuffle<f64>(ab01, cd01, 1, 3));
      v128.store(c + x, v128.shuffle<f64>(ab23, cd23, 0, 2));
      v128.store(d + x, v128.shuffle<f64>(ab23, cd23, 1, 3));
    }
    for (; i < units; i++) {
      const x = i * 4;
      const at = to + i * ROW;
      store<f32>(a + x, load<f32>(at));
      store<f32>(b + x, load<f32>(at, 4));
      store<f32>(c + x, load<f32>(at, 8));
      store<f32>(d + x, load<f32>(at, 12));
    }
  }
  for (; lane < samples; lane++) {
    const a = out + lane * stride;
    for (let i = 0; i < units; i++) store<f32>(a + i * 4, load<f32>(from + i * ROW + lane * 4));
  }
}

/** Σ over the lanes of each of `units` rows. */
export function sumLanes(out: usize, from: usize, units: i32): void {
  for (let i = 0; i < units; i++) {
    const at = from + i * ROW;
    const sum = f32x4.add(
      f32x4.add(v128.load(at), v128.load(at, 16)),
      f32x4.add(v128.load(at, 32), v128.load(at, 48)),
    );
    store<f32>(out + i * 4, across(sum));
  }
}

function across(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

export function clear(out: usize, rows: i32): void {
  memory.fill(out, 0, rows * ROW);
}

/** The same for so many floats. */
export function clearFloats(out: usize, floats: i32): void {
  memory.fill(out, 0, floats * 4);
}

export function copy(out: usize, from: usize, rows: i32): void {
  memory.copy(out, from, rows * ROW);
}

/** out += from */
export function accumulate(out: usize, from: usize, rows: i32): void {
  const end = out + rows * ROW;
  for (; out < end; out += 16, from += 16) {
    v128.store(out, f32x4.add(v128.load(out), v128.load(from)));
  }
}

/** out = from ∘ row, the same row for all. `out` may be `from`. */
export function scale(out: usize, from: usize, row: usize, rows: i32): void {
  const w0 = v128.load(row);
  const w1 = v128.load(row, 16);
  const w2 = v128.load(row, 32);
  const w3 = v128.load(row, 48);
  const end = out + rows * ROW;
  for (; out < end; out += ROW, from += ROW) {
    v128.store(out, f32x4.mul(v128.load(from), w0));
    v128.store(out, f32x4.mul(v128.load(from, 16), w1), 16);
    v128.store(out, f32x4.mul(v128.load(from, 32), w2), 32);
    v128.store(out, f32x4.mul(v128.load(from, 48), w3), 48);
  }
}

/** Each lane's own of two: out = mask ? yes : no; an address of 0 stands for zeros. `mask` is a row of −1 and 0. */
export function select(out: usize, mask: usize, yes: usize, no: usize, rows: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    for (let v = 0; v < ROW; v += 16) {
      const at = i * ROW + v;
      const a = yes ? v128.load(yes + at) : zero;
      const b = no ? v128.load(no + at) : zero;
      v128.store(out + at, v128.bitselect(a, b, v128.load(mask + v)));
    }
  }
}
