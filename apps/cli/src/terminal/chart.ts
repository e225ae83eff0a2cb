import type { Line, Style } from './line.ts';
import { type Cell, spansOf } from './spans.ts';

/** A share (0 to 1), or what the scale is for, that was measured at x. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** A horizontal line that means something; of its labels the first that leaves the curve room is written. */
export interface ChartMark {
  readonly y: number;
  readonly labels: readonly string[];
  readonly style: Style;
}

export interface ChartOptions {
  /** Columns of the whole, and rows of the plot; two more are below it. */
  readonly width: number;
  readonly height: number;
  readonly xMax: number;
  readonly xLabel: string;
  readonly marks: readonly ChartMark[];
  /** Default: that of shares. */
  readonly scale?: ChartScale;
}

/** What stands how high. */
export interface ChartScale {
  /** From 0 at the bottom to 1 at the top. */
  height(y: number): number;
  text(y: number): string;
  /** What is written at the axis, … */
  readonly ticks: readonly number[];
  /** … and at its end. */
  readonly least: number;
}

/** 1 % stands a tenth above the bottom, so that the last steps of a long way down can be seen. */
const shares: ChartScale = {
  height: (y) => Math.sqrt(Math.min(Math.max(y, 0), 1)),
  text: (y) => `${Number((100 * y).toPrecision(2))} %`,
  ticks: [1, 0.3, 0.1],
  least: 0,
};

/** Of rewards, from −1 to 1. */
export const rewards: ChartScale = {
  height: (y) => (Math.min(Math.max(y, -1), 1) + 1) / 2,
  text: (y) => String(Number(y.toFixed(2))).replace('-', '−'),
  ticks: [1, 0.5, 0, -0.5],
  least: -1,
};

const GUTTER = 7;
const BRAILLE = 0x2800;
/** The bit of each dot of a braille character, row by row. */
const DOTS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const NOW = '●';

/** A curve in braille dots: of shares on a square-root scale from 0 to 100 %, or on another one. */
export function chart(points: readonly ChartPoint[], options: ChartOptions): Line[] {
  const { width, height, marks, scale = shares } = options;
  const columns = Math.max(width - GUTTER, 2);
  const dotOf = (y: number): number => dotRow(scale.height(y), height);
  const rowOf = (y: number): number => dotOf(y) >> 2;
  const ticks = new Map<number, string>();
  for (const y of [...marks.map((mark) => mark.y), ...scale.ticks]) {
    if (!ticks.has(rowOf(y))) ticks.set(rowOf(y), scale.text(y));
  }
  const rows = curveRows(points, { xMax: options.xMax, columns, height, dotOf }).map(
    (curve, i): Line => {
      const tick = ticks.get(i);
      const axis = `${(tick ?? '').padStart(GUTTER - 1)}${tick ? '┤' : '│'}`;
      const mark = marks.find(({ y }) => rowOf(y) === i);
      const ground = mark ? markText(mark, curve) : ' '.repeat(columns);
      const cells = curve.map((dots, x): Cell => {
        return dots ? ['read', dots] : [mark?.style, ground[x] ?? ' '];
      });
      return [['faint', axis], ...spansOf(cells)];
    },
  );
  return [...rows, ...xAxis(columns, scale, options)];
}

/** Dots are counted from the top, four to a row of characters. */
const dotRow = (share: number, height: number): number =>
  Math.round((1 - share) * (4 * height - 1));

/** A dashed line with its label at the right, or at the left where the curve passes there. */
function markText({ labels }: ChartMark, curve: readonly string[]): string {
  const columns = curve.length;
  const dashes = '┄'.repeat(columns);
  for (const label of labels) {
    const text = ` ${label} `;
    if (text.length > 0.6 * columns) continue;
    for (const start of [columns - text.length - 1, 1]) {
      if (curve.slice(start, start + text.length).some((dots) => dots)) continue;
      return dashes.slice(0, start) + text + dashes.slice(start + text.length);
    }
  }
  return dashes;
}

interface Plot {
  readonly xMax: number;
  readonly columns: number;
  readonly height: number;
  dotOf(y: number): number;
}

/** The measurements joined by straight lines, as braille characters or nothing; a larger dot is where the last is. */
function curveRows(
  points: readonly ChartPoint[],
  { xMax, columns, height, dotOf }: Plot,
): string[][] {
  const rows = Array.from({ length: height }, () => Array<number>(columns).fill(0));
  const dots = points.map(({ x, y }) => ({
    column: Math.round(Math.min(x / xMax, 1) * (2 * columns - 1)),
    row: dotOf(y),
  }));
  dots.forEach((to, i) => {
    const from = dots[i - 1] ?? to;
    const steps = Math.max(Math.abs(to.column - from.column), Math.abs(to.row - from.row), 1);
    for (let step = 0; step <= steps; step++) {
      const column = Math.round(from.column + ((to.column - from.column) * step) / steps);
      const row = Math.round(from.row + ((to.row - from.row) * step) / steps);
      const cells = rows[row >> 2] ?? [];
      cells[column >> 1] = (cells[column >> 1] ?? 0) | (DOTS[2 * (row & 3) + (column & 1)] ?? 0);
    }
  });
  const text = rows.map((row) =>
    row.map((bits) => (bits ? String.fromCharCode(BRAILLE + bits) : '')),
  );
  const last = dots.at(-1);
  if (last) (text[last.row >> 2] ?? [])[last.column >> 1] = NOW;
  return text;
}

function xAxis(columns: number, scale: ChartScale, { xMax, xLabel }: ChartOptions): Line[] {
  const middle = Math.floor((columns - 1) / 2);
  const line = Array.from({ length: columns }, (_, i) =>
    i === middle || i === columns - 1 ? '┴' : '─',
  );
  const end = `${xMax.toLocaleString('en-US')} ${xLabel}`;
  const half = '0'.padEnd(middle) + Math.round(xMax / 2).toLocaleString('en-US');
  const room = columns - end.length;
  const labels = (half.length < room ? half : '0').padEnd(room);
  return [
    [['faint', `${scale.text(scale.least).padStart(GUTTER - 1)}└${line.join('')}`]],
    [['faint', `${' '.repeat(GUTTER)}${labels}${end}`]],
  ];
}
