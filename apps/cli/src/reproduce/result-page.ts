import { type Cell, type PaperTable, type RunOutcome, summarise } from '@fastweights/experiments';
import { perCent } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { columnsOf } from './plan-page.ts';

/** The table as it is now, with the paper's numbers in brackets. */
export function resultLines(table: PaperTable, outcomes: readonly RunOutcome[]): Line[] {
  const cells = summarise(table, outcomes);
  const sizes = table.columns.filter((units) => cells.some((cell) => cell.units === units));
  const rows = table.rows.flatMap(({ model, label }) => {
    const own = cells.filter((cell) => cell.model === model);
    if (own.length === 0) return [];
    return [[label, ...sizes.map((units) => textOf(own.find((cell) => cell.units === units)))]];
  });
  const measure = table.measure === 'error' ? 'Test error' : 'Test accuracy';
  return [
    [
      ['strong', `${measure} in %`],
      ' of the seed that validation chooses, in brackets the paper’s:',
    ],
    ...columnsOf([['', ...sizes.map((units) => `${table.columnName} ${units}`)], ...rows]),
  ];
}

function textOf(cell: Cell | undefined): string {
  if (!cell) return '–';
  const { chosen, failed, paper } = cell;
  const missing = failed.length > 0 ? 'failed' : 'not yet';
  const theirs = paper === undefined ? '' : ` (${paper.toFixed(2)})`;
  return `${chosen ? perCent(chosen.value) : missing}${theirs}`;
}
