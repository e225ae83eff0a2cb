import type { PaperTable, PlannedRun } from '@fastweights/experiments';
import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';

export interface PlanFacts {
  readonly table: PaperTable;
  readonly plan: readonly PlannedRun[];
  readonly budget: string;
  /** How many of the runs are done, and begun. */
  readonly done: number;
  readonly begun: number;
}

/** What is going to be trained. */
export function planPage({ table, plan, budget, done, begun }: PlanFacts, columns: number): Line[] {
  const total = plan.reduce((sum, { config }) => sum + config.training.maxUpdates, 0);
  const known = [
    ...(done > 0 ? [`${count(done)} done`] : []),
    ...(begun > 0 ? [`${count(begun)} begun`] : []),
  ];
  const paragraphs = [
    `${table.title}. ${table.about}`,
    `Budget ${budget}: ${amount(plan.length, 'run')} of ${count(total)} updates in all at most` +
      `${known.length > 0 ? `, ${known.join(', ')}` : ''}.`,
  ];
  return [
    ...paragraphs.flatMap((text, i) =>
      wrap(text, columns).map(
        (line, row): Line =>
          i === 0 && row === 0 && line.startsWith(table.title)
            ? [['strong', table.title], line.slice(table.title.length)]
            : [line],
      ),
    ),
    [''],
  ];
}

/** How many seeds and updates each cell has. */
export function planTableLines(table: PaperTable, plan: readonly PlannedRun[]): Line[] {
  const sizes = table.columns.filter((units) => plan.some((run) => run.units === units));
  const rows = table.rows.flatMap(({ model }) => {
    const own = plan.filter((run) => run.model === model);
    if (own.length === 0) return [];
    return [[model, ...sizes.map((units) => cellOf(own.filter((run) => run.units === units)))]];
  });
  return columnsOf([['', ...sizes.map((units) => `${table.columnName} ${units}`)], ...rows]);
}

function cellOf(runs: readonly PlannedRun[]): string {
  const [first] = runs;
  return first ? `${runs.length} × ${count(first.config.training.maxUpdates)}` : '–';
}

/** A table of texts, the first row and column as headings. */
export function columnsOf(rows: readonly (readonly string[])[], gap = 3): Line[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row, i): Line => {
    const texts = row.map((text, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? text.padEnd(width) : text.padStart(width);
    });
    const text = `  ${texts.join(' '.repeat(gap))}`;
    return i === 0 ? [['faint', text]] : [text];
  });
}

export const amount = (value: number, thing: string): string =>
  `${count(value)} ${thing}${value === 1 ? '' : 's'}`;
