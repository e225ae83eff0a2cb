import type { PaperTable } from '../tables/table.ts';
import { curveChart } from './chart.ts';
import { escapeHtml } from './format.ts';
import { resultTable, seedTable } from './html-tables.ts';
import { htmlProvenance, page } from './parts.ts';
import type { Report, TableReport } from './report.ts';

const SMALL = { width: 344, height: 240 };
const LARGE = { width: 800, height: 360 };

/** The report as one page that needs nothing else: no script, no font, no other file. */
export function reportHtml({ facts, tables }: Report): string {
  const title =
    tables.length === 1 ? (tables[0] as TableReport).table.title : 'The tables of the paper';
  const details = tables.map(configs).join('\n');
  return page(title, facts, [...tables.map(section), htmlProvenance(facts, HOW, details)]);
}

const HOW =
  'Models and settings were chosen on validation data alone. Each run looked at the test set once, at its end.';

function section(report: TableReport): string {
  const { table, cells } = report;
  const notes = table.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`);
  return `<section>
<h2>${escapeHtml(table.title)}</h2>
<p>${escapeHtml(table.about)}</p>
${resultTable(report)}
<p class="note">${escapeHtml(`The paper’s numbers: ${table.source}.`)}</p>
${figures(table, cells)}
${seedTable(report)}
${notes.join('\n')}
</section>`;
}

function figures(table: PaperTable, cells: TableReport['cells']): string {
  const shown = table.columns.filter((units) =>
    cells.some((cell) => cell.units === units && cell.chosen),
  );
  const isSingle = shown.length === 1;
  const charts = shown.map((units) => {
    const own = cells.filter((cell) => cell.units === units);
    const name = table.columnName === 'R' ? `R = ${units}` : `${units} ${table.columnName}`;
    const small = curveChart(table, own, SMALL);
    const chart = isSingle
      ? `<div class="wide">${curveChart(table, own, LARGE)}</div><div class="narrow">${small}</div>`
      : small;
    return `<figure><h3>${escapeHtml(`${axisOf(table)}, ${name}`)}</h3>${chart}</figure>`;
  });
  if (charts.length === 0) return '';
  const isRead = table.rows.some(({ readOff }) => readOff);
  const scale =
    table.curve === 'validation loss'
      ? ''
      : ' The axis of the error is a square root, so that small ones can be told apart.';
  const read = isRead ? ' Circles are the paper’s curves, read off.' : '';
  return `<div class="figures${isSingle ? ' single' : ''}">${charts.join('\n')}</div>
<p class="note">The seed that validation chooses; thinner, the others.${scale}${read}</p>`;
}

const axisOf = ({ curve }: PaperTable): string =>
  curve === 'validation loss' ? 'Validation loss, nats' : 'Validation error, %';

/** The config of one seed of each cell: the others differ in their seed. */
function configs({ table, runs }: TableReport): string {
  const first = runs.filter(
    (run, i) =>
      runs.findIndex(({ model, units }) => model === run.model && units === run.units) === i,
  );
  const texts = first.map(
    ({ model, units, hash, config }) =>
      `<details><summary>${escapeHtml(`${model}, ${units}`)}</summary><pre>${escapeHtml(`${hash}\n${JSON.stringify(config, null, 2)}`)}</pre></details>`,
  );
  return `<details><summary>${escapeHtml(`Configs of ${table.name}`)}</summary>${texts.join('\n')}</details>`;
}
