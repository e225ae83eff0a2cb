import type { Line, Span, Style } from './line.ts';

/** A share (0 to 1) that was measured at x. */
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
}

type Cell = readonly [style: Style | undefined, character: string];

const GUTTER = 7;
const TICKS = [1, 0.3, 0.1];
const BRAILLE = 0x2800;
/** The bit of each dot of a braille character, by its row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const NOW = '●';

/**
 * A curve of shares in braille dots, on a square-root scale from 0 to 100 %: 1 % stands a tenth above the bottom, so
 * that the last steps of a long way down can be seen.
 */
export function chart(points: readonly ChartPoint[], options: ChartOptions): Line[] {
  const { width, height, marks } = options;
  const columns = Math.max(width - GUTTER, 2);
  const rowOf = (y: number): number => Math.floor(dotRow(y, height) / 4);
  const cells = Array.from({ length: height }, () => Array<Cell>(columns).fill([undefined, ' ']));
  for (const mark of marks) cells[rowOf(mark.y)] = markedRow(mark, columns);
  drawCurve(cells, points, options.xMax);

  const ticks = new Map<number, string>();
  for (const y of [...marks.map((mark) => mark.y), ...TICKS]) {
    if (!ticks.has(rowOf(y))) ticks.set(rowOf(y), percentTick(y));
  }
  const rows = cells.map((row, i): Line => {
    const tick = ticks.get(i);
    return [['faint', `${(tick ?? '').padStart(GUTTER - 1)}${tick ? '┤' : '│'}`], ...spansOf(row)];
  });
  return [...rows, ...xAxis(columns, options)];
}

const percentTick = (y: number): string => `${Number((100 * y).toPrecision(2))} %`;

/** Dots are counted from the top, four to a row of characters. */
const dotRow = (y: number, height: number): number =>
  Math.round((1 - Math.sqrt(Math.min(Math.max(y, 0), 1))) * (4 * height - 1));

function markedRow({ labels, style }: ChartMark, columns: number): Cell[] {
  const label = labels.find((text) => text.length <= columns / 2) ?? '';
  const right = label && ` ${label} ┄`;
  return Array.from(`${'┄'.repeat(columns - right.length)}${right}`, (character) => [style, character]);
}

/** The measurements joined by straight lines; where the last one is, a larger dot. */
function drawCurve(cells: Cell[][], points: readonly ChartPoint[], xMax: number): void {
  const height = cells.length;
  const columns = cells[0]?.length ?? 0;
  const dots = points.map(({ x, y }) => ({
    column: Math.round(Math.min(x / xMax, 1) * (2 * columns - 1)),
    row: dotRow(y, height),
  }));
  const put = (column: number, row: number): void => {
    const line = cells[row >> 2];
    const before = line?.[column >> 1]?.[1].charCodeAt(0) ?? 0;
    const bits = before >= BRAILLE && before < BRAILLE + 256 ? before - BRAILLE : 0;
    const bit = DOTS[(row & 3) as 0 | 1 | 2 | 3][(column & 1) as 0 | 1];
    if (line) line[column >> 1] = ['read', String.fromCharCode(BRAILLE + (bits | bit))];
  };
  dots.forEach((to, i) => {
    const from = dots[i - 1] ?? to;
    const steps = Math.max(Math.abs(to.column - from.column), Math.abs(to.row - from.row), 1);
    for (let step = 0; step <= steps; step++) {
      const between = (a: number, b: number): number => Math.round(a + ((b - a) * step) / steps);
      put(between(from.column, to.column), between(from.row, to.row));
    }
  });
  const last = dots.at(-1);
  const line = last && cells[last.row >> 2];
  if (last && line) line[last.column >> 1] = ['read', NOW];
}

function xAxis(columns: number, { xMax, xLabel }: ChartOptions): Line[] {
  const middle = Math.floor((columns - 1) / 2);
  const line = Array.from({ length: columns }, (_, i) => (i === middle || i === columns - 1 ? '┴' : '─'));
  const half = Math.round(xMax / 2).toLocaleString('en-US');
  const end = `${xMax.toLocaleString('en-US')} ${xLabel}`;
  const labels = ['0'.padEnd(middle), half].join('').padEnd(columns - end.length);
  return [
    [['faint', `${'0 %'.padStart(GUTTER - 1)}└${line.join('')}`]],
    [['faint', `${' '.repeat(GUTTER)}${labels}${end}`]],
  ];
}

/** Neighbours of one style become one span. */
function spansOf(cells: readonly Cell[]): Span[] {
  const spans: [Style | undefined, string][] = [];
  for (const [style, character] of cells) {
    const last = spans.at(-1);
    if (last && last[0] === style) last[1] += character;
    else spans.push([style, character]);
  }
  return spans.map(([style, text]) => (style ? [style, text] : text));
}
