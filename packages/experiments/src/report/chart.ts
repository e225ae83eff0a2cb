import type { CurvePoint } from '../reproduce/run-result.ts';
import type { Cell } from '../reproduce/summary.ts';
import type { PaperTable } from '../tables/table.ts';
import { perCent } from './format.ts';
import {
  axes,
  innerSize,
  labels,
  linear,
  MARGIN,
  type NamedLine,
  type Place,
  path,
  reading,
  type Scale,
  type Size,
  svg,
} from './plot.ts';

/** Of the seed that validation chooses; the others beside it. */
interface Line extends NamedLine {
  readonly others: readonly (readonly Place[])[];
}

/** What was learned over the updates, one line for each model: of the chosen seed, and the others thinly. */
export function curveChart(table: PaperTable, cells: readonly Cell[], size: Size): string {
  const rows = table.rows.filter(({ model }) => cells.some((cell) => cell.model === model));
  const points = cells.flatMap((cell) => cell.seeds.flatMap(({ result }) => result.curve));
  const inner = innerSize(size);
  const updates = points.map(({ update }) => update);
  const x = linear(Math.max(1, ...updates), 3, MARGIN.left, inner.width);
  const y = valueScale(table, points, inner.height);
  const lines = cells.filter(({ chosen }) => chosen).map((cell) => lineOf(table, cell, x, y));
  const marks = rows.flatMap((row) =>
    (row.readOff ?? [])
      .filter(({ update }) => update <= x.most)
      .map(({ update, value }) => reading(row, [x.at(update), y.at(value)])),
  );
  return svg(size, labelOf(table, cells), [
    axes(x, y, size, 'updates'),
    ...lines.flatMap(({ model, others }) =>
      others.map((points) => path({ model, points }, 'other')),
    ),
    ...lines.map((line) => path(line, 'chosen')),
    ...marks,
    ...labels(lines, size),
  ]);
}

function pointValue(table: PaperTable, point: CurvePoint): number | undefined {
  if (table.curve === 'validation loss') return point.validationLoss;
  return point.validationError === undefined ? undefined : 100 * point.validationError;
}

function lineOf(table: PaperTable, cell: Cell, x: Scale, y: Scale): Line {
  const points = (curve: readonly CurvePoint[]): Place[] =>
    curve.flatMap((point) => {
      const value = pointValue(table, point);
      return value === undefined || !Number.isFinite(value)
        ? []
        : [[x.at(point.update), y.at(value)] as const];
    });
  const { model, label, chosen } = cell;
  const others = cell.seeds.filter((seed) => seed !== chosen);
  return {
    model,
    label,
    points: points(chosen?.result.curve ?? []),
    others: others.map(({ result }) => points(result.curve)),
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
