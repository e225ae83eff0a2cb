import { PANEL_ROW } from './panels';

// Tiles only load, sum and store. Where sums meet any arithmetic after their loop, or a branch, V8 loads all that a step
// needs before it multiplies, and runs out of registers.

/** out = start + A · B for the rows a0 to a4 of A. */
export function tile8(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  termStep: usize,
  b: usize,
  end: usize,
  start: usize,
  startStep: usize,
  out: usize,
  outStep: usize,
): void {
  let x0 = v128.load(start);
  let y0 = v128.load(start, 16);
  let x1 = v128.load(start + startStep);
  let y1 = v128.load(start + startStep, 16);
  let x2 = v128.load(start + 2 * startStep);
  let y2 = v128.load(start + 2 * startStep, 16);
  let x3 = v128.load(start + 3 * startStep);
  let y3 = v128.load(start + 3 * startStep, 16);
  let x4 = v128.load(start + 4 * startStep);
  let y4 = v128.load(start + 4 * startStep, 16);
  let p0 = a0;
  let p1 = a1;
  let p2 = a2;
  let p3 = a3;
  let p4 = a4;
  for (let at = b; at < end; at += PANEL_ROW) {
    const low = v128.load(at);
    const high = v128.load(at, 16);
    const s0 = v128.load32_splat(p0);
    x0 = f32x4.add(x0, f32x4.mul(s0, low));
    y0 = f32x4.add(y0, f32x4.mul(s0, high));
    const s1 = v128.load32_splat(p1);
    x1 = f32x4.add(x1, f32x4.mul(s1, low));
    y1 = f32x4.add(y1, f32x4.mul(s1, high));
    const s2 = v128.load32_splat(p2);
    x2 = f32x4.add(x2, f32x4.mul(s2, low));
    y2 = f32x4.add(y2, f32x4.mul(s2, high));
    const s3 = v128.load32_splat(p3);
    x3 = f32x4.add(x3, f32x4.mul(s3, low));
    y3 = f32x4.add(y3, f32x4.mul(s3, high));
    const s4 = v128.load32_splat(p4);
    x4 = f32x4.add(x4, f32x4.mul(s4, low));
    y4 = f32x4.add(y4, f32x4.mul(s4, high));
    p0 += termStep;
    p1 += termStep;
    p2 += termStep;
    p3 += termStep;
    p4 += termStep;
  }
  v128.store(out, x0);
  v128.store(out, y0, 16);
  v128.store(out + outStep, x1);
  v128.store(out + outStep, y1, 16);
  v128.store(out + 2 * outStep, x2);
  v128.store(out + 2 * outStep, y2, 16);
  v128.store(out + 3 * outStep, x3);
  v128.store(out + 3 * outStep, y3, 16);
  v128.store(out + 4 * outStep, x4);
  v128.store(out + 4 * outStep, y4, 16);
}

/** The same of four columns. */
export function tile4(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  termStep: usize,
  b: usize,
  end: usize,
  start: usize,
  startStep: usize,
  out: usize,
  outStep: usize,
): void {
  let x0 = v128.load(start);
  let x1 = v128.load(start + startStep);
  let x2 = v128.load(start + 2 * startStep);
  let x3 = v128.load(start + 3 * startStep);
  let x4 = v128.load(start + 4 * startStep);
  let p0 = a0;
  let p1 = a1;
  let p2 = a2;
  let p3 = a3;
  let p4 = a4;
  for (let at = b; at < end; at += PANEL_ROW) {
    const low = v128.load(at);
    x0 = f32x4.add(x0, f32x4.mul(v128.load32_splat(p0), low));
    x1 = f32x4.add(x1, f32x4.mul(v128.load32_splat(p1), low));
    x2 = f32x4.add(x2, f32x4.mul(v128.load32_splat(p2), low));
    x3 = f32x4.add(x3, f32x4.mul(v128.load32_splat(p3), low));
    x4 = f32x4.add(x4, f32x4.mul(v128.load32_splat(p4), low));
    p0 += termStep;
    p1 += termStep;
    p2 += termStep;
    p3 += termStep;
    p4 += termStep;
  }
  v128.store(out, x0);
  v128.store(out + outStep, x1);
  v128.store(out + 2 * outStep, x2);
  v128.store(out + 3 * outStep, x3);
  v128.store(out + 4 * outStep, x4);
}
