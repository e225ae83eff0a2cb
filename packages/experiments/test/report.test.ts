import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import {
  createReport,
  type Report,
  type ReportFacts,
  reportHtml,
  reportMarkdown,
} from '../src/index.ts';
import { duration, perCent } from '../src/report/format.ts';
import { thin } from '../src/report/report.ts';
import { all, type Element, parse, text } from './html-reader.ts';
import { exampleFacts, exampleReport } from './report-example.ts';

const ALL = ['table1', 'figure2', 'table2', 'table3'];

describe('report.html', () => {
  it('is one well-formed page that needs no script and nothing from elsewhere', async () => {
    const html = reportHtml(await exampleReport(ALL));
    const page = parse(html);
    expect(all(page, 'script')).toEqual([]);
    expect(html).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
    expect(all(page, 'title').map(text)).toEqual(['The tables of the paper · Fast weights']);
    expect(all(page, 'h2').map(text)).toEqual([
      'Table 1. Associative retrieval',
      'Figure 2. Associative retrieval, R = 50, while it is learned',
      'Table 2. MNIST in glimpses',
      'Table 3. Facial expressions',
      'How to get this again',
    ]);
  });

  it('has our numbers beside those of the paper', async () => {
    const report = await exampleReport(['table1']);
    const page = parse(reportHtml(report));
    const [table] = all(page, 'table').filter(({ attributes }) => attributes['class'] === 'result');
    const rows = all(table as Element, 'tr').slice(1);
    expect(rows.map((row) => text(all(row, 'th')[0] as Element))).toEqual([
      'IRNN',
      'LSTM',
      'A-LSTM',
      'Fast weights',
    ]);
    const papers = rows.map((row) => all(row, 'small').map(text));
    expect(papers[0]).toEqual(['paper 62.11', 'paper 60.23', 'paper 0.34']);
    expect(papers[3]).toEqual(['paper 1.81', 'paper 0.00', 'paper 0.00']);
    const cells = report.tables[0]?.cells ?? [];
    const ours = rows.flatMap((row) => all(row, 'b').map(text));
    expect(ours).toEqual(cells.map(({ chosen }) => perCent(chosen?.value ?? Number.NaN)));
  });

  it('shows every seed, which one was chosen, what failed and what is to come', async () => {
    const report = await exampleReport(['table1']);
    const page = parse(reportHtml(report));
    const [table] = all(page, 'table').filter(({ attributes }) => attributes['class'] === 'seeds');
    const each = all(table as Element, 'td').filter(
      ({ attributes }) => attributes['class'] === 'each',
    );
    const cells = report.tables[0]?.cells ?? [];
    expect(each.length).toBe(cells.length);
    cells.forEach((cell, i) => {
      const shown = each[i] as Element;
      for (const { value } of cell.seeds) expect(text(shown)).toContain(perCent(value));
      expect(all(shown, 'u').map(text)).toEqual([perCent(cell.chosen?.value ?? Number.NaN)]);
    });
    expect(each.map(text).join()).toContain(
      'seed 3 failed: the loss was NaN at &lt;update 7&gt; &amp; ended',
    );
    expect(each.map(text).join()).toContain('1 not yet');
  });

  it('draws a curve for every model and size, inside its picture', async () => {
    const report = await exampleReport(['table1']);
    const pictures = all(parse(reportHtml(report)), 'svg');
    expect(pictures.length).toBe(3);
    for (const svg of pictures) {
      const lines = all(svg, 'path').filter(({ attributes }) =>
        attributes['class']?.startsWith('line chosen'),
      );
      expect(lines.length).toBe(4);
      for (const { attributes } of lines) {
        const numbers = (attributes['d'] ?? '').match(/[\d.-]+/g)?.map(Number) ?? [];
        expect(numbers.length).toBeGreaterThan(20);
        numbers.forEach((number, i) => {
          expect(number).toBeGreaterThanOrEqual(0);
          expect(number).toBeLessThanOrEqual(i % 2 === 0 ? 344 : 240);
        });
      }
      expect(svg.attributes['aria-label']).toMatch(
        /^Validation error over updates\. IRNN ends at /,
      );
    }
  });

  it('says how to get it again: command, machine, commit, time and configs', async () => {
    const report = await exampleReport(['table1']);
    const page = text(parse(reportHtml(report)));
    expect(page).toContain('--out &quot;runs/&lt;table 1&gt;&quot;');
    for (const fact of ['ec0fbfd+', 'AMD EPYC 7B13 &amp; others', 'wasm, fused kernels']) {
      expect(page).toContain(fact);
    }
    for (const { hash, seed } of report.tables[0]?.runs ?? []) {
      expect(page.includes(hash)).toBe(seed === 1);
    }
  });

  it('is there before the first run has ended', async () => {
    const report = await exampleReport(['table3']);
    const bare: Report = {
      ...report,
      tables: report.tables.map((table) => ({
        ...table,
        cells: table.cells.map((cell) => ({
          ...cell,
          seeds: [],
          chosen: undefined,
          mean: undefined,
          spread: undefined,
          left: 3,
        })),
      })),
    };
    const page = parse(reportHtml(bare));
    expect(all(page, 'svg')).toEqual([]);
    expect(text(page)).toContain('not yet');
    expect(reportMarkdown(bare)).toContain('not yet');
  });
});

describe('report.md', () => {
  it('has tables whose rows all have the columns of their heads', async () => {
    const lines = reportMarkdown(await exampleReport(ALL)).split('\n');
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    let width = 0;
    let rows = 0;
    for (const [i, line] of lines.entries()) {
      if (!line.startsWith('|')) continue;
      if (!lines[i - 1]?.startsWith('|')) width = cells(line);
      expect(cells(line), line).toBe(width);
      rows++;
    }
    expect(rows).toBeGreaterThan(40);
    expect(lines).toContain('| Model | R = 20 | R = 50 | R = 100 |');
    expect(lines.join('\n')).toContain('NaN at \\<update 7\\> & ended');
  });

  it('is as it should be, cell by cell', async () => {
    const report = await exampleReport(['table1']);
    const [irnn] = report.tables[0]?.cells ?? [];
    const line = reportMarkdown(report)
      .split('\n')
      .find((line) => line.startsWith('| IRNN | 20 |'));
    const each = irnn?.seeds.map((seed) =>
      seed === irnn.chosen ? `**${perCent(seed.value)}**` : perCent(seed.value),
    );
    expect(line).toContain(` | ${each?.join(', ')} | `);
    expect(line).toContain(`${perCent(irnn?.mean ?? 0)} ± ${perCent(irnn?.spread ?? 0)}`);
  });
});

describe('report.json', () => {
  it('is the report: nothing is lost on the way', async () => {
    const report = await exampleReport(['table2']);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.facts.seconds).toBeGreaterThan(0);
  });
});

describe('a report', () => {
  it.each([
    [
      { software: { name: 'fastweights' } },
      'software must be a text, but it is {"name":"fastweights"}.',
    ],
    [{ command: undefined }, 'command must be a text, but it is undefined.'],
    [{ commit: 7 }, 'commit must be a text, but it is 7.'],
    [{ machine: 'a laptop' }, 'machine must be an object of texts, but it is "a laptop".'],
    [{ machine: { Cores: 2 } }, 'machine.Cores must be a text, but it is 2.'],
    [{ seconds: -1 }, 'seconds must be a number of at least 0, but it is -1.'],
    [{ comand: 'x' }, 'among command, date, software'],
  ])('refuses %j', (wrong, message) => {
    const facts = { ...exampleFacts, ...wrong } as ReportFacts;
    expect(() => createReport([], facts)).toThrow(message);
    expect(() => createReport([], facts)).toThrow(OptionError);
  });
});

describe('numbers', () => {
  it('have two decimals, and no nought where there is something', () => {
    expect([0, 62.11, 0.005, 0.002, 100].map(perCent)).toEqual([
      '0.00',
      '62.11',
      '0.005',
      '0.002',
      '100.00',
    ]);
  });

  it('of seconds are told as people tell them', () => {
    expect([0.4, 61, 3600, 7384].map(duration)).toEqual([
      '0 s',
      '1 min 1 s',
      '1 h 0 min',
      '2 h 3 min',
    ]);
  });

  it('of a curve are thinned, and what was validated last stays', () => {
    const curve = Array.from({ length: 10 }, (_, i) => ({
      update: i + 1,
      loss: i,
      ...(i % 4 === 3 && { validationError: i / 10 }),
    }));
    expect(thin(curve, 5)).toEqual([
      { update: 2, loss: 0.5 },
      { update: 4, loss: 2.5, validationError: 0.3 },
      { update: 6, loss: 4.5 },
      { update: 8, loss: 6.5, validationError: 0.7 },
      { update: 10, loss: 8.5 },
    ]);
    expect(thin(curve, 10)).toEqual(curve);
  });
});
