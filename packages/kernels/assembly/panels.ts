import { loadPart } from './parts';

// A matrix in panels of eight columns, each with its rows one after the other: [columns / 8, rows, 8]. Odd widths have no
// tails in it, and what an inner loop reads lies in one line. What stands right of the last column means nothing.

/** Bytes of one row of a panel. */
export const PANEL_ROW: usize = 32;

/** Copies a matrix [rows, columns] into panels. */
export function pack(from: usize, rows: i32, columns: i32, panels: usize): void {
  const stride = (<usize>columns) << 2;
  let to = panels;
  for (let column = 0; column < columns; column += 8) {
    const count = columns - column;
    let source = from + ((<usize>column) << 2);
    const end = to + <usize>rows * PANEL_ROW;
    if (count < 8) {
      for (; to < end; to += PANEL_ROW, source += stride) {
        v128.store(to, count < 4 ? loadPart(source, count) : v128.load(source));
        if (count > 4) v128.store(to, loadPart(source + 16, count - 4), 16);
      }
    } else {
      for (; to < end; to += PANEL_ROW, source += stride) {
        v128.store(to, v128.load(source));
        v128.store(to, v128.load(source, 16), 16);
      }
    }
  }
}

/** Copies the transpose of a matrix [rows, columns], which has a column for each of its rows, into panels. */
export function packTransposed(from: usize, rows: i32, columns: i32, panels: usize): void {
  const stride = (<usize>columns) << 2;
  const last = from + <usize>(rows - 1) * stride;
  for (let row = 0; row < rows; row += 4) {
    const to = panels + <usize>(row & ~7) * stride + ((row & 4) << 2);
    // Rows that are not there are the last one again.
    const a = from + <usize>row * stride;
    const b = min(a + stride, last);
    const c = min(b + stride, last);
    const d = min(c + stride, last);
    if (columns < 4) {
      for (let column = 0; column < columns; column++) transpose1(a, b, c, d, column, to);
    } else {
      // The last four may be some of those before again.
      for (let column = 0; column < columns; column += 4) {
        transpose4(a, b, c, d, min(column, columns - 4), to);
      }
    }
  }
}

/** One column of the rows at a, b, c and d. */
function transpose1(a: usize, b: usize, c: usize, d: usize, column: i32, panel: usize): void {
  const x = (<usize>column) << 2;
  const to = panel + <usize>column * PANEL_ROW;
  store<f32>(to, load<f32>(a + x));
  store<f32>(to, load<f32>(b + x), 4);
  store<f32>(to, load<f32>(c + x), 8);
  store<f32>(to, load<f32>(d + x), 12);
}

/** Four columns of the rows at a, b, c and d. */
function transpose4(a: usize, b: usize, c: usize, d: usize, column: i32, panel: usize): void {
  const x = (<usize>column) << 2;
  const to = panel + <usize>column * PANEL_ROW;
  const va = v128.load(a + x);
  const vb = v128.load(b + x);
  const vc = v128.load(c + x);
  const vd = v128.load(d + x);
  const abLow = v128.shuffle<f32>(va, vb, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(va, vb, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(vc, vd, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(vc, vd, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(to + PANEL_ROW, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
  v128.store(to + 2 * PANEL_ROW, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * PANEL_ROW, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}
