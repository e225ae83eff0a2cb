import { tile4, tile8 } from './matmul-tiles';
import { PANEL_ROW } from './panels';
import { loadPart, storePart } from './parts';

// C = A · B, by tiles of 5 rows × 8 columns, whose sums stay in registers: the 7 loads of a step serve 10 multiply-adds of
// vectors. B is in panels; A stays where it is, and may as well be the transpose of what is there.

/** Rows of a tile. */
const TILE: i32 = 5;
/** Rows of A and of C that meet all of B before the next do: they stay in the cache. */
const ROWS_AT_ONCE: i32 = 160;
/** Terms of the sums that are added before the next are, for the same reason. */
const TERMS_AT_ONCE: i32 = 256;

/** Floats of room that a product needs besides B: a row of C, and a tile. */
export function matmulScratch(columns: i32): i32 {
  return ((columns + 7) & ~7) + TILE * 8;
}

/**
 * C [rows, columns] = max(A [rows, terms] · B [terms, columns] + bias, least).
 *
 * @param a A, where numbers of one column are `rowStep` bytes apart, and those of one row `termStep`
 * @param panels B, in panels
 * @param bias what to add to every row; 0 for none
 * @param least 0 of a ReLU, −∞ for all numbers to stay as they are; NaN stays in any case
 * @param scratch room for `matmulScratch(columns)` floats
 */
export function matmul(
  a: usize,
  rowStep: usize,
  termStep: usize,
  panels: usize,
  bias: usize,
  least: f32,
  c: usize,
  rows: i32,
  terms: i32,
  columns: i32,
  scratch: usize,
): void {
  const width = (<usize>columns) << 2;
  const scratchTile = scratch + ((<usize>((columns + 7) & ~7)) << 2);
  memory.fill(scratch, 0, scratchTile - scratch);
  if (bias !== 0) memory.copy(scratch, bias, width);

  for (let term = 0; term < terms; term += TERMS_AT_ONCE) {
    const termsNow = min(terms - term, TERMS_AT_ONCE);
    const leastNow: f32 = term + termsNow < terms ? -Infinity : least;
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const end = min(rows, row + ROWS_AT_ONCE);
      for (let column = 0; column < columns; column += 8) {
        const x = (<usize>column) << 2;
        const b = panels + (<usize>terms * (column >> 3) + <usize>term) * PANEL_ROW;
        const bEnd = b + <usize>termsNow * PANEL_ROW;
        // Sums begin with the bias; those of later terms with what there is.
        const start = term === 0 ? scratch + x : 0;
        for (let r = row; r < end; r += TILE) {
          const from = a + <usize>r * rowStep + <usize>term * termStep;
          const to = c + <usize>r * width + x;
          const rowsNow = min(end - r, TILE);
          const count = columns - column;
          tile(
            from,
            rowStep,
            termStep,
            b,
            bEnd,
            start,
            to,
            width,
            rowsNow,
            count,
            leastNow,
            scratchTile,
          );
        }
      }
    }
  }
}

/** A tile of `rows` rows and `count` columns, of which it has 8 at most; `start` is 0 where its sums go on. */
function tile(
  a: usize,
  rowStep: usize,
  termStep: usize,
  b: usize,
  bEnd: usize,
  start: usize,
  to: usize,
  width: usize,
  rows: i32,
  count: i32,
  least: f32,
  scratch: usize,
): void {
  const whole = rows === TILE && count >= 8;
  const out = whole ? to : scratch;
  const step = whole ? width : PANEL_ROW;
  if (start === 0 && !whole) copyRows(to, width, out, step, rows, count, -Infinity);
  const from = start === 0 ? out : start;
  const fromStep = start === 0 ? step : 0;
  // Where a row is not there, the last one is.
  const a1 = a + (rows > 1 ? rowStep : 0);
  const a2 = a1 + (rows > 2 ? rowStep : 0);
  const a3 = a2 + (rows > 3 ? rowStep : 0);
  const a4 = a3 + (rows > 4 ? rowStep : 0);
  if (count > 4) tile8(a, a1, a2, a3, a4, termStep, b, bEnd, from, fromStep, out, step);
  else tile4(a, a1, a2, a3, a4, termStep, b, bEnd, from, fromStep, out, step);
  if (!whole || least === 0) copyRows(out, step, to, width, rows, count, least);
}

/** Copies `rows` rows of at most 8 numbers, made `least` where they are less. */
function copyRows(
  from: usize,
  step: usize,
  to: usize,
  toStep: usize,
  rows: i32,
  count: i32,
  least: f32,
): void {
  // NaN is not less: it stays.
  const floor = f32x4.splat(least);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const source = from + row * step;
    const target = to + row * toStep;
    if (count < 4) {
      storePart(target, f32x4.pmax(loadPart(source, count), floor), count);
      continue;
    }
    v128.store(target, f32x4.pmax(v128.load(source), floor));
    if (count >= 8) {
      v128.store(target, f32x4.pmax(v128.load(source, 16), floor), 16);
    } else if (count > 4) {
      storePart(target + 16, f32x4.pmax(loadPart(source + 16, count - 4), floor), count - 4);
    }
  }
}
