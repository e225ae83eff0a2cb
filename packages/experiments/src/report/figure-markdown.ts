import type { Board } from '../tables/agent-figure.ts';
import type { FigureReport } from './figure-report.ts';
import {
  readingsTable,
  seedsTable,
  type TextTable,
  timingTable,
  trialsTable,
} from './figure-tables.ts';
import { boardTitle, budgetWords } from './figure-words.ts';
import { escapeMarkdown } from './format.ts';
import { markdownProvenance, markdownTable } from './parts.ts';

/** The report of a figure about agents as text, for a README or a pull request. */
export function figureMarkdown(report: FigureReport): string {
  const { facts, figure } = report;
  return [
    '# Fast weights, reproduced',
    `## ${escapeMarkdown(figure.title)}`,
    escapeMarkdown(figure.about),
    ...figure.boards.flatMap((board) => section(report, board)),
    [...figure.notes, `The paper’s numbers: ${figure.source}.`]
      .map((note) => `- ${escapeMarkdown(note)}`)
      .join('\n'),
    '## How to get this again',
    markdownProvenance(facts),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(report: FigureReport, board: Board): string[] {
  const { figure } = report;
  const cells = report.cells.filter((cell) => cell.board === board.name);
  if (cells.length === 0) return [];
  const tables = [
    timingTable(figure, cells),
    seedsTable(figure, cells),
    trialsTable(figure, cells),
  ];
  const readings = readingsTable(cells);
  return [
    `### ${escapeMarkdown(boardTitle(board))}`,
    escapeMarkdown(budgetWords(report, board)),
    ...[...tables, ...(readings ? [readings] : [])].flatMap(table),
  ];
}

const table = ({ caption, heads, rows }: TextTable): string[] => [
  escapeMarkdown(caption),
  markdownTable(
    heads.map(escapeMarkdown),
    rows.map((row) => row.map(escapeMarkdown)),
  ),
];
