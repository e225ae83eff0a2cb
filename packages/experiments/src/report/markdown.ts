import type { Cell } from '../reproduce/summary.ts';
import type { PaperTable } from '../tables/table.ts';
import { duration, escapeMarkdown, perCent, thousands } from './format.ts';
import { markdownProvenance, markdownTable } from './parts.ts';
import type { Report, TableReport } from './report.ts';

/** The report as text, for a README or a pull request. */
export function reportMarkdown({ facts, tables }: Report): string {
  return [
    '# Fast weights, reproduced',
    ...tables.flatMap(section),
    '## How to get this again',
    markdownProvenance(facts),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(report: TableReport): string[] {
  const { table } = report;
  const measure = table.measure === 'error' ? 'Test error' : 'Test accuracy';
  return [
    `## ${escapeMarkdown(table.title)}`,
    escapeMarkdown(table.about),
    `${measure} in %, of the seed that validation chooses; in brackets the paper’s (${escapeMarkdown(table.source)}).`,
    resultTable(report),
    'Every seed; bold is the one that validation chooses.',
    seedTable(report),
    table.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ];
}

function resultTable({ table, cells }: TableReport): string {
  const columns = table.columns.filter((units) => cells.some((cell) => cell.units === units));
  const rows = table.rows.filter(({ model }) => cells.some((cell) => cell.model === model));
  const heads = columns.map((units) => `${headOf(table, units)}`);
  const body = rows.map(({ model, label }) => [
    label,
    ...columns.map((units) => {
      const cell = cells.find((cell) => cell.model === model && cell.units === units);
      return cell ? result(cell) : '–';
    }),
  ]);
  return markdownTable(['Model', ...heads], body);
}

function result({ chosen, paper, failed, left }: Cell): string {
  const missing = failed.length > 0 ? 'failed' : left > 0 ? 'not yet' : '–';
  const theirs = paper === undefined ? '' : ` (${perCent(paper)})`;
  return `${chosen ? perCent(chosen.value) : missing}${theirs}`;
}

function seedTable({ table, cells }: TableReport): string {
  const rows = cells.map((cell) => {
    const { label, units, mean, spread, seeds, chosen, failed, left } = cell;
    const each = seeds.map((seed) =>
      seed === chosen ? `**${perCent(seed.value)}**` : perCent(seed.value),
    );
    const bad = failed.map(({ seed, why }) => `seed ${seed} failed: ${escapeMarkdown(why)}`);
    const open = left > 0 ? [`${left} not yet`] : [];
    const seconds = seeds.reduce((sum, { result }) => sum + result.seconds, 0);
    const updates = Math.max(0, ...seeds.map(({ result }) => result.updates));
    return [
      label,
      String(units),
      mean === undefined
        ? '–'
        : perCent(mean) + (spread === undefined ? '' : ` ± ${perCent(spread)}`),
      [...each, ...bad, ...open].join(', '),
      thousands(updates),
      duration(seconds),
    ];
  });
  return markdownTable(['Model', table.columnName, 'Mean ± sd', 'Seeds', 'Updates', 'Time'], rows);
}

const headOf = ({ columnName }: PaperTable, units: number): string =>
  columnName === 'R' ? `R = ${units}` : `${units} ${columnName}`;
