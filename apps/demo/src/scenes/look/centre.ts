import { blank, type Drawing, INK, SIDE } from './pen.ts';

/** What the digits of MNIST fill, around the middle of their mass. */
const FILLED = 20;
const FAINT = 3;

/** As those of MNIST are: its longer side fills 20 pixels, and its mass has its middle in the middle. */
export function centred(drawing: Drawing): Drawing {
  const inked = [...drawing.keys()].filter((i) => (drawing[i] ?? 0) > FAINT);
  if (inked.length === 0) return drawing;
  const columns = inked.map((i) => i % SIDE);
  const rows = inked.map((i) => Math.floor(i / SIDE));
  const span = (values: readonly number[]): number => Math.max(...values) - Math.min(...values) + 1;
  const scale = Math.max(span(columns), span(rows)) / FILLED;
  const mass = drawing.reduce((sum, ink) => sum + ink, 0);
  const middle = (place: (i: number) => number): number =>
    drawing.reduce((sum, ink, i) => sum + ink * place(i), 0) / mass;
  const [x, y] = [middle((i) => i % SIDE), middle((i) => Math.floor(i / SIDE))];
  const next = blank();
  const half = (SIDE - 1) / 2;
  next.forEach((_, i) => {
    const column = x + ((i % SIDE) - half) * scale;
    const row = y + (Math.floor(i / SIDE) - half) * scale;
    next[i] = Math.min(Math.round(inkAt(drawing, column, row)), INK);
  });
  return next;
}

/** Between four pixels. */
function inkAt(drawing: Drawing, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number): number =>
    column >= 0 && column < SIDE && row >= 0 && row < SIDE
      ? (drawing[row * SIDE + column] ?? 0)
      : 0;
  const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
  const upper = mix(at(left, top), at(left + 1, top), x - left);
  const lower = mix(at(left, top + 1), at(left + 1, top + 1), x - left);
  return mix(upper, lower, y - top);
}
