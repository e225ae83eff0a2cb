import type { AgentCell } from '../reproduce/figure-summary.ts';
import type { Board } from '../tables/agent-figure.ts';
import type { FigureReport } from './figure-report.ts';
import {
  readingsTable,
  seedsTable,
  type TextTable,
  timingTable,
  trialsTable,
} from './figure-tables.ts';
import { boardTitle, budgetWords, reward } from './figure-words.ts';
import { escapeHtml } from './format.ts';
import { htmlProvenance, page, scroll } from './parts.ts';
import { blindReward, type GroupName, rewardChart } from './reward-chart.ts';
import { figureStyle } from './style.ts';

const SMALL = { width: 344, height: 240 };
const LARGE = { width: 536, height: 320 };

/** The report of a figure about agents, as one page that needs nothing else. */
export function figureHtml(report: FigureReport): string {
  const { facts, figure, cells } = report;
  const intro = `<section>
<h2>${escapeHtml(figure.title)}</h2>
<p>${escapeHtml(figure.about)}</p>
${figure.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
<p class="note">${escapeHtml(`The paper’s numbers: ${figure.source}.`)}</p>
</section>`;
  const boards = figure.boards.flatMap((board) => {
    const own = cells.filter((cell) => cell.board === board.name);
    return own.length === 0 ? [] : [section(report, board, own)];
  });
  const sections = [intro, ...boards, htmlProvenance(facts, HOW, configs(report))];
  return page(figure.title, facts, sections, figureStyle);
}

const HOW =
  'Settings were chosen by the search alone; the seeds of the chosen ones are others than those of the search.';

function section(report: FigureReport, board: Board, cells: readonly AgentCell[]): string {
  const { figure } = report;
  const title = boardTitle(board);
  const readings = readingsTable(cells);
  const tables = [
    table(`${title}: time`, timingTable(figure, cells), 'seeds'),
    table(`${title}: every seed`, seedsTable(figure, cells), 'seeds'),
    table(`${title}: the search`, trialsTable(figure, cells), 'seeds'),
    ...(readings ? [table(`${title}: the paper`, readings, 'seeds')] : []),
  ];
  const [timing, ...others] = tables;
  return `<section>
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(budgetWords(report, board))}</p>
${timing}
${charts(report, board, cells)}
${others.join('\n')}
</section>`;
}

function charts(report: FigureReport, board: Board, cells: readonly AgentCell[]): string {
  const { figure } = report;
  const groups: [GroupName, string][] = [
    ['seeds', 'Mean reward, seeds of the chosen setting'],
    ['best', `Mean reward, the ${figure.best} best of the search`],
  ];
  const drawn = groups.flatMap(([which, name]) => {
    const told = cells.filter((cell) => cell[which].curve.length > 0);
    if (told.length === 0) return [];
    const chart = (size: typeof SMALL): string => rewardChart(figure, board, told, which, size);
    return [
      `<figure><h3>${escapeHtml(name)}</h3><div class="wide">${chart(LARGE)}</div><div class="narrow">${chart(SMALL)}</div></figure>`,
    ];
  });
  if (drawn.length === 0) return '';
  const blind = reward(blindReward(board));
  return `<div class="figures pair">${drawn.join('\n')}</div>
<p class="note">${escapeHtml(`Bands are one standard deviation over the runs. Who never looks earns ${blind}. Circles are the paper’s curves, read off.`)}</p>`;
}

function table(label: string, { caption, heads, rows }: TextTable, kind: string): string {
  const cell = (text: string, at: number): string =>
    at === 0
      ? `<th scope="row">${escapeHtml(text)}</th>`
      : `<td${isLong(heads[at]) ? ' class="each"' : ''}>${escapeHtml(text)}</td>`;
  const head = heads
    .map((text) => `<th scope="col"${isLong(text) ? ' class="each"' : ''}>${escapeHtml(text)}</th>`)
    .join('');
  const body = rows.map(
    (row) => `<tr${row[0] === '' ? ' class="same"' : ''}>${row.map(cell).join('')}</tr>`,
  );
  return scroll(
    label,
    `<table class="${kind}"><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`,
  );
}

/** Words rather than a number: they begin at the left, and break. */
const isLong = (head: string | undefined): boolean =>
  ['Every seed', 'Chosen setting', 'Setting', 'Mean reward'].includes(head ?? '');

/** The config of one seed of each chosen setting, or of its first trial where there is none yet. */
function configs({ figure, cells, runs }: FigureReport): string {
  const texts = cells.flatMap(({ board, model, chosen }) => {
    const own = runs.filter((run) => run.board === board && run.model === model);
    const run =
      own.find(({ stage }) => stage === 'seeds') ??
      own.find(({ trial }) => trial === (chosen?.trial ?? 1));
    if (!run) return [];
    const json = JSON.stringify(run.config, null, 2);
    return [
      `<details><summary>${escapeHtml(`${model}, ${board}`)}</summary><pre>${escapeHtml(`${run.hash}\n${json}`)}</pre></details>`,
    ];
  });
  return `<details><summary>${escapeHtml(`Configs of ${figure.name}`)}</summary>${texts.join('\n')}</details>`;
}
