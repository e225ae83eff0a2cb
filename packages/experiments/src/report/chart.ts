import type { CurvePoint } from '../reproduce/run-result.ts';
import type { Cell } from '../reproduce/summary.ts';
import type { PaperTable } from '../tables/table.ts';
import { escapeHtml, perCent, shortCount } from './format.ts';

/** Room around the plot, in pixels; the names of the lines stand at the right. */
const MARGIN = { left: 40, right: 96, top: 10, bottom: 34 };
const LABEL_HEIGHT = 15;

interface Scale {
  readonly most: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

interface Line {
  readonly cell: Cell;
  /** Of the seed that validation chooses. */
  readonly chosen: readonly [x: number, y: number][];
  readonly others: readonly (readonly [x: number, y: number][])[];
}

/** What was learned over the updates, one line for each model: of the chosen seed, and the others thinly. */
export function curveChart(
  table: PaperTable,
  cells: readonly Cell[],
  size: { readonly width: number; readonly height: number },
): string {
  const readings = table.rows.filter(({ model }) => cells.some((cell) => cell.model === model));
  const points = cells.flatMap((cell) => cell.seeds.flatMap(({ result }) => result.curve));
  const inner = {
    width: size.width - MARGIN.left - MARGIN.right,
    height: size.height - MARGIN.top - MARGIN.bottom,
  };
  const updates = points.map(({ update }) => update);
  const x = linear(Math.max(1, ...updates), 3, MARGIN.left, inner.width);
  const y = valueScale(table, points, inner.height);
  const lines = cells.filter(({ chosen }) => chosen).map((cell) => lineOf(table, cell, x, y));
  const marks = readings.flatMap(({ model, label, readOff = [] }) =>
    readOff
      .filter(({ update }) => update <= x.most)
      .map(({ update, value }) => {
        const at = { x: px(x.at(update)), y: px(y.at(value)) };
        const name = `<text class="tick" x="${at.x}" y="${at.y}" dx="7" dy="-5">${escapeHtml(label)}</text>`;
        return `<circle class="read ${model}" cx="${at.x}" cy="${at.y}" r="3.5"/>${name}`;
      }),
  );
  return [
    `<svg width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(labelOf(table, cells))}">`,
    axes(x, y, size),
    ...lines.flatMap(({ cell, others }) => others.map((other) => path(cell, other, 'other'))),
    ...lines.map(({ cell, chosen }) => path(cell, chosen, 'chosen')),
    ...marks,
    ...labels(lines, size.width - MARGIN.right, MARGIN.top + inner.height),
    '</svg>',
  ].join('\n');
}

const px = (value: number): string => String(Number(value.toFixed(1)));

function pointValue(table: PaperTable, point: CurvePoint): number | undefined {
  if (table.curve === 'validation loss') return point.validationLoss;
  return point.validationError === undefined ? undefined : 100 * point.validationError;
}

function lineOf(table: PaperTable, cell: Cell, x: Scale, y: Scale): Line {
  const points = (curve: readonly CurvePoint[]): [number, number][] =>
    curve.flatMap((point) => {
      const value = pointValue(table, point);
      return value === undefined || !Number.isFinite(value)
        ? []
        : [[x.at(point.update), y.at(value)] as [number, number]];
    });
  const others = cell.seeds.filter((seed) => seed !== cell.chosen);
  return {
    cell,
    chosen: points(cell.chosen?.result.curve ?? []),
    others: others.map(({ result }) => points(result.curve)),
  };
}

function path({ model }: Cell, points: readonly [number, number][], kind: string): string {
  if (points.length === 0) return '';
  const way = points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L');
  return `<path class="line ${kind} ${model}" d="M${way}"/>`;
}

function linear(largest: number, steps: number, start: number, length: number): Scale {
  const rough = largest / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.floor(largest / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return {
    most: largest,
    ticks,
    at: (value) => start + (Math.min(value, largest) / largest) * length,
  };
}

/** Losses linearly; errors by their square root, or what differs near nought could not be seen. */
function valueScale(table: PaperTable, points: readonly CurvePoint[], height: number): Scale {
  const values = points.flatMap((point) => pointValue(table, point) ?? []).filter(Number.isFinite);
  const largest = Math.max(...values, table.curve === 'validation loss' ? 1.25 : 5);
  const bottom = MARGIN.top + height;
  if (table.curve === 'validation loss') {
    const scale = linear(largest, 4, 0, height);
    return { ...scale, at: (value) => bottom - scale.at(Math.max(0, value)) };
  }
  const ticks = [0, 1, 5, 10, 20, 40, 60, 80, 100].filter((tick) => tick <= largest);
  const share = (value: number): number => Math.sqrt(Math.max(0, value) / largest);
  return { most: largest, ticks, at: (value) => bottom - share(value) * height };
}

function axes(
  x: Scale,
  y: Scale,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const rows = y.ticks.map((tick) => {
    const at = px(y.at(tick));
    const line = `<path class="grid" d="M${MARGIN.left} ${at}H${right}"/>`;
    return `${line}<text class="tick" x="${MARGIN.left - 8}" y="${at}" dy="4" text-anchor="end">${tick}</text>`;
  });
  const columns = x.ticks.map((tick) => {
    const at = px(x.at(tick));
    return `<text class="tick" x="${at}" y="${bottom + 17}" text-anchor="middle">${shortCount(tick)}</text>`;
  });
  const name = `<text class="tick" x="${width}" y="${bottom + 17}" text-anchor="end">updates</text>`;
  return [...rows, ...columns, name].join('\n');
}

/** The lines' names, beside their ends, moved apart where they would overlap. */
function labels(lines: readonly Line[], right: number, bottom: number): string[] {
  const ends = lines
    .flatMap(({ cell, chosen }) => {
      const end = chosen.at(-1);
      return end ? [{ cell, end, y: end[1] }] : [];
    })
    .sort((a, b) => a.y - b.y);
  let least = MARGIN.top + 4;
  const down = ends.map((label) => {
    const y = Math.max(label.y, least);
    least = y + LABEL_HEIGHT;
    return { ...label, y };
  });
  let most = bottom - 4;
  const placed = down.toReversed().map((label) => {
    const y = Math.min(label.y, most);
    most = y - LABEL_HEIGHT;
    return { ...label, y };
  });
  return placed.map(({ cell, end: [x, y], y: at }) => {
    const leader = `<path class="leader" d="M${px(x + 3)} ${px(y)}L${right + 4} ${px(at)}"/>`;
    const name = `<text class="name ${cell.model}" x="${right + 8}" y="${px(at)}" dy="4">`;
    return `${leader}${name}${escapeHtml(cell.label)}</text>`;
  });
}

function labelOf(table: PaperTable, cells: readonly Cell[]): string {
  const what = table.curve === 'validation loss' ? 'Validation loss' : 'Validation error';
  const ends = cells.flatMap(({ label, chosen }) => {
    const last = chosen?.result.curve.findLast((point) => pointValue(table, point) !== undefined);
    const value = last && pointValue(table, last);
    if (value === undefined) return [];
    return [
      `${label} ends at ${table.curve === 'validation loss' ? value.toFixed(3) : `${perCent(value)} %`}`,
    ];
  });
  return `${what} over updates. ${ends.join('; ')}.`;
}
