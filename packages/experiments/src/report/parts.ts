import { duration, escapeHtml, escapeMarkdown } from './format.ts';
import type { ReportFacts } from './report.ts';
import { reportStyle } from './style.ts';

// What every report has, whatever it is about: a page, and how to get the same again.

/** One page that needs nothing else: no script, no font, no other file; with a style of its own where it needs more. */
export function page(
  title: string,
  { seconds }: ReportFacts,
  sections: readonly string[],
  ownStyle = '',
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Fast weights</title>
<style>${reportStyle}${ownStyle}</style>
</head>
<body>
<main>
<header>
<h1>Fast weights, reproduced</h1>
<p>“Using Fast Weights to Attend to the Recent Past” (Ba, Hinton, Mnih, Leibo and Ionescu, 2016), trained anew${seconds ? ` in ${duration(seconds)} of training` : ''}, beside the numbers of the paper.</p>
</header>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

/** @param how what was done was done, and with what: HTML that follows the facts */
export function htmlProvenance(facts: ReportFacts, how: string, details: string): string {
  const { command, date, software, commit, machine, seconds } = facts;
  const rows: [string, string][] = [
    ['Command', `<code>${escapeHtml(command)}</code>`],
    ['Date', escapeHtml(date)],
    ['Software', escapeHtml(software)],
    ...(commit === undefined
      ? []
      : [['Commit', `<code>${escapeHtml(commit)}</code>`] as [string, string]]),
    ...Object.entries(machine).map(([name, value]): [string, string] => [name, escapeHtml(value)]),
    ...(seconds ? [['Time', duration(seconds)] as [string, string]] : []),
  ];
  const list = rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${value}</dd>`);
  return `<section>
<h2>How to get this again</h2>
<p>${escapeHtml(how)}</p>
<dl>${list.join('\n')}</dl>
${details}
</section>`;
}

export function markdownProvenance(facts: ReportFacts): string {
  const { command, date, software, commit, machine, seconds } = facts;
  const lines: [string, string][] = [
    ['Date', date],
    ['Software', software],
    ...(commit === undefined ? [] : [['Commit', commit] as [string, string]]),
    ...Object.entries(machine),
    ...(seconds ? [['Time', duration(seconds)] as [string, string]] : []),
  ];
  const list = lines.map(([name, value]) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`);
  return ['```sh', command.replaceAll('```', ''), '```', '', ...list].join('\n');
}

/** A Markdown table whose first column is text, and the others numbers. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, i) => (i === 0 ? '---' : '--:'));
  return [row(heads), row(rule), ...rows.map(row)].join('\n');
}

/** A table that scrolls by itself where it is wider than the page, by keyboard too. */
export const scroll = (label: string, table: string): string =>
  `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(label)}">${table}</div>`;
