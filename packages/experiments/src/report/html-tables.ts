import type { Cell } from '../reproduce/summary.ts';
import type { PaperTable } from '../tables/table.ts';
import { duration, escapeHtml, perCent, thousands } from './format.ts';
import { scroll } from './parts.ts';
import type { TableReport } from './report.ts';

/** Ours above the paper's, model by model: what a reader looks for first. */
export function resultTable({ table, cells }: TableReport): string {
  const columns = table.columns.filter((units) => cells.some((cell) => cell.units === units));
  const rows = table.rows.filter(({ model }) => cells.some((cell) => cell.model === model));
  const heads = columns.map((units) => `<th scope="col">${headOf(table, units)}</th>`);
  const body = rows.map(({ model, label }) => {
    const own = columns.map((units) => {
      const cell = cells.find((cell) => cell.model === model && cell.units === units);
      return cell ? resultCell(cell, isBest(table, cell, cells)) : '<td>–</td>';
    });
    return `<tr><th scope="row">${escapeHtml(label)}</th>${own.join('')}</tr>`;
  });
  const measure = table.measure === 'error' ? 'Test error, %' : 'Test accuracy, %';
  const caption = `${measure}: of the seed that validation chooses, and the paper’s below it.`;
  return scroll(
    table.title,
    `<table class="result"><caption>${caption}</caption><thead><tr><th scope="col">Model</th>${heads.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`,
  );
}

function resultCell({ chosen, paper, failed, left }: Cell, best: boolean): string {
  const missing = failed.length > 0 ? 'failed' : left > 0 ? 'not yet' : '–';
  const ours = chosen ? perCent(chosen.value) : missing;
  const theirs = paper === undefined ? 'not in the paper' : `paper ${perCent(paper)}`;
  return `<td${best ? ' class="best"' : ''}><b>${ours}</b><small>${theirs}</small></td>`;
}

function isBest({ measure }: PaperTable, { chosen, units }: Cell, cells: readonly Cell[]): boolean {
  if (!chosen) return false;
  const values = cells.flatMap((cell) =>
    cell.units === units && cell.chosen ? [cell.chosen.value] : [],
  );
  const best = measure === 'error' ? Math.min(...values) : Math.max(...values);
  return values.length > 1 && chosen.value === best;
}

/** Every seed of every cell, mean and spread, and what it took. */
export function seedTable({ table, cells }: TableReport): string {
  const heads = ['Model', table.columnName, 'Paper', 'Mean ± sd'];
  const rows = cells.map((cell, i) => {
    const isSame = cells[i - 1]?.model === cell.model;
    const { seeds, mean, spread, paper } = cell;
    const time = seeds.reduce((sum, { result }) => sum + result.seconds, 0);
    const updates = seeds.map(({ result }) => result.updates);
    const around = mean === undefined ? '–' : perCent(mean);
    return [
      `<tr${isSame ? ' class="same"' : ''}><th scope="row">${isSame ? '' : escapeHtml(cell.label)}</th>`,
      `<td>${cell.units}</td><td>${paper === undefined ? '–' : perCent(paper)}</td>`,
      `<td>${around}${spread === undefined ? '' : ` ± ${perCent(spread)}`}</td>`,
      `<td class="each">${eachSeed(cell)}</td>`,
      `<td>${updates.length > 0 ? thousands(Math.max(...updates)) : '–'}</td>`,
      `<td>${duration(time)}</td></tr>`,
    ].join('');
  });
  const head = heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join('');
  const caption =
    'Every seed, in the order of the seeds; underlined is the one that validation chooses.';
  return scroll(
    `${table.title}: every seed`,
    `<table class="seeds"><caption>${caption}</caption><thead><tr>${head}<th scope="col" class="each">Every seed</th><th scope="col">Updates</th><th scope="col">Time, all seeds</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  );
}

function eachSeed({ seeds, chosen, failed, left }: Cell): string {
  const done = seeds.map((seed) => {
    const value = perCent(seed.value);
    return seed === chosen ? `<u>${value}</u>` : value;
  });
  const bad = failed.map(
    ({ seed, why }) => `<span class="failed">seed ${seed} failed: ${escapeHtml(why)}</span>`,
  );
  const open = left > 0 ? [`${left} not yet`] : [];
  return [...done, ...bad, ...open].join(' · ');
}

const headOf = ({ columnName }: PaperTable, units: number): string =>
  columnName === 'R' ? `R = ${units}` : `${units} ${escapeHtml(columnName)}`;
