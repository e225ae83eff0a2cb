// A matrix times rows of 16 lanes (see lanes.ts). Half a row (two vectors) of five results at a time: ten sums are as many
// as stay in registers beside what they are made of. The sums go straight to memory after their loop: any arithmetic between
// the two makes V8 load everything first, and spill (matmul-tiles.ts too). memory-products.ts and collect.ts have the others.

import { ROW } from './lanes';

export const HALF: i32 = 32;
export const TILE: i32 = 5;

/** Floats of a packed matrix of so many rows and columns, and of what follows on aligned. */
export function packedSize(rows: i32, columns: i32): i32 {
  return (((rows + TILE - 1) / TILE) * TILE * columns + 15) & ~15;
}

/** A matrix's rows by fives, as `multiply` wants them: packed[r / 5][c][r % 5] = matrix[r][c], zero beyond. */
export function pack(
  out: usize,
  matrix: usize,
  rows: i32,
  columns: i32,
  rowStride: i32,
  columnStride: i32,
): void {
  for (let first = 0; first < rows; first += TILE) {
    for (let c = 0; c < columns; c++) {
      for (let r = first; r < first + TILE; r++) {
        const value = r < rows ? load<f32>(matrix + r * rowStride + c * columnStride) : 0;
        store<f32>(out, value);
        out += 4;
      }
    }
  }
}

/** Where sums begin: at the base, or at zeros where they will be. */
export function begin(out: usize, base: usize, rows: i32): usize {
  if (base !== 0) return base;
  memory.fill(out, 0, rows * ROW);
  return out;
}

/** out[r] = base[r] + Σ_c matrix[r][c] · x[c]; a base of 0 is none. `out` may be `base`. */
export function multiply(
  out: usize,
  packed: usize,
  x: usize,
  base: usize,
  rows: i32,
  columns: i32,
): void {
  const from = begin(out, base, rows);
  const whole = rows - (rows % TILE);
  for (let r = 0; r < whole; r += TILE) {
    const p = packed + r * columns * 4;
    const at = r * ROW;
    multiplyTile(out + at, from + at, p, x, columns);
    multiplyTile(out + at + HALF, from + at + HALF, p, x + HALF, columns);
  }
  for (let r = whole; r < rows; r++) {
    const at = r * ROW;
    multiplyRow(out + at, from + at, packed + (whole * columns + (r - whole)) * 4, x, columns);
  }
}

function multiplyTile(out: usize, from: usize, p: usize, x: usize, columns: i32): void {
  let a0 = v128.load(from, 0);
  let a1 = v128.load(from, 16);
  let b0 = v128.load(from, 64);
  let b1 = v128.load(from, 80);
  let c0 = v128.load(from, 128);
  let c1 = v128.load(from, 144);
  let d0 = v128.load(from, 192);
  let d1 = v128.load(from, 208);
  let e0 = v128.load(from, 256);
  let e1 = v128.load(from, 272);
  const end = x + columns * ROW;
  for (; x < end; x += ROW) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const wa = v128.load32_splat(p, 0);
    a0 = f32x4.add(a0, f32x4.mul(wa, x0));
    a1 = f32x4.add(a1, f32x4.mul(wa, x1));
    const wb = v128.load32_splat(p, 4);
    b0 = f32x4.add(b0, f32x4.mul(wb, x0));
    b1 = f32x4.add(b1, f32x4.mul(wb, x1));
    const wc = v128.load32_splat(p, 8);
    c0 = f32x4.add(c0, f32x4.mul(wc, x0));
    c1 = f32x4.add(c1, f32x4.mul(wc, x1));
    const wd = v128.load32_splat(p, 12);
    d0 = f32x4.add(d0, f32x4.mul(wd, x0));
    d1 = f32x4.add(d1, f32x4.mul(wd, x1));
    const we = v128.load32_splat(p, 16);
    e0 = f32x4.add(e0, f32x4.mul(we, x0));
    e1 = f32x4.add(e1, f32x4.mul(we, x1));
    p += 4 * TILE;
  }
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, d0, 192);
  v128.store(out, d1, 208);
  v128.store(out, e0, 256);
  v128.store(out, e1, 272);
}

function multiplyRow(out: usize, from: usize, p: usize, x: usize, columns: i32): void {
  let a0 = v128.load(from);
  let a1 = v128.load(from, 16);
  let a2 = v128.load(from, 32);
  let a3 = v128.load(from, 48);
  const end = x + columns * ROW;
  for (; x < end; x += ROW) {
    const w = v128.load32_splat(p);
    a0 = f32x4.add(a0, f32x4.mul(w, v128.load(x)));
    a1 = f32x4.add(a1, f32x4.mul(w, v128.load(x, 16)));
    a2 = f32x4.add(a2, f32x4.mul(w, v128.load(x, 32)));
    a3 = f32x4.add(a3, f32x4.mul(w, v128.load(x, 48)));
    p += 4 * TILE;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
}
