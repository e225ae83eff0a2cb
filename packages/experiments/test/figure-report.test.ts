import { OptionError } from '@fastweights/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentCell,
  createFigureReport,
  type FigureReport,
  figure5,
  figureHtml,
  figureMarkdown,
  planFigure,
  summariseFigure,
} from '../src/index.ts';
import { axisUnit, blindReward } from '../src/report/reward-chart.ts';
import { madeUpOutcomes, madeUpResult } from './figure-example.ts';
import { all, type Element, parse, text } from './html-reader.ts';
import { exampleFacts } from './report-example.ts';

const options = { trials: 8, seeds: 5, frames: 1_000_000, boards: ['16,3', '24,5', '32,7'] };

let report: FigureReport;

beforeAll(async () => {
  report = createFigureReport(figure5, await madeUpOutcomes(options), exampleFacts);
});

const cellOf = (board: string, model: string): AgentCell =>
  report.cells.find((cell) => cell.board === board && cell.model === model) as AgentCell;

describe('the summary of a figure', () => {
  it('has every model on every board, the best trials first, and the seeds of the best', () => {
    expect(report.cells.map(({ board, model }) => `${board} ${model}`)).toEqual(
      ['16,3', '24,5', '32,7'].flatMap((board) =>
        ['rnn', 'lstm', 'fast-weights'].map((model) => `${board} ${model}`),
      ),
    );
    for (const { trials, best, seeds, chosen } of report.cells) {
      const overall = trials.map((trial) => trial.overall);
      expect(overall).toEqual(overall.toSorted((a, b) => b - a));
      expect(best.runs).toEqual(trials.slice(0, 5));
      expect(seeds.runs.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
      expect(chosen).toEqual(trials[0]);
      for (const run of seeds.runs) expect(run.drawn).toEqual(chosen?.drawn);
    }
  });

  it('times the mean curve to the level, and compares it with the LSTM’s', () => {
    const [rnn, lstm, fast] = ['rnn', 'lstm', 'fast-weights'].map((model) => cellOf('16,3', model));
    // Straight from −0.75 to 0.97: the level comes after 1.65 / 1.72 of it.
    const step = lstm?.chosen?.drawn['training.stepSize'] as number;
    const expected = 1e6 * (1.65 / 1.72) * 0.3 * (1 + Math.abs(Math.log10(step / 0.001)));
    expect((lstm?.seeds.framesUntil as number) / expected).toBeGreaterThan(0.93);
    expect((lstm?.seeds.framesUntil as number) / expected).toBeLessThan(1.1);
    expect(lstm?.seeds.ratio).toBe(1);
    expect(fast?.seeds.ratio).toBeGreaterThan(0.5);
    expect(fast?.seeds.ratio).toBeLessThan(0.7);
    expect(rnn?.seeds.ratio).toBeGreaterThan(1.7);
  });

  it('reads the paper’s times between two points, and none before the first', () => {
    const timing = (board: string, model: string) => cellOf(board, model).paper;
    // 3 + (0.90 − 0.88) / (0.95 − 0.88); 3 + 3 (0.90 − 0.70) / (0.94 − 0.70).
    expect(timing('16,3', 'fast-weights').until).toBeCloseTo(3 + 2 / 7, 10);
    expect(timing('16,3', 'lstm').until).toBeCloseTo(5.5, 10);
    expect(timing('16,3', 'fast-weights').ratio).toBeCloseTo((3 + 2 / 7) / 5.5, 10);
    expect(timing('24,5', 'fast-weights').until).toBe(12);
    expect(timing('24,5', 'lstm')).toMatchObject({ until: undefined, ratio: undefined });
    expect(timing('24,5', 'rnn').until).toBeUndefined();
    expect(timing('32,7', 'rnn')).toMatchObject({ readOff: [], until: undefined });
  });

  it('says what failed, and what is not there yet', async () => {
    expect(cellOf('16,3', 'rnn').failed).toEqual([
      { stage: 'search', trial: 2, seed: 1002, why: 'the loss was NaN at <update 7> & ended' },
    ]);
    const plan = await planFigure(figure5, { ...options, models: ['lstm'], boards: ['16,3'] });
    const [cell] = summariseFigure(
      figure5,
      plan.map((run, i) =>
        i < 3 ? { status: 'done', run, result: madeUpResult(run) } : { status: 'left', run },
      ),
    );
    expect(cell).toMatchObject({ left: 5, failed: [] });
    expect(cell?.best.runs.length).toBe(3);
    expect(cell?.seeds).toEqual({ runs: [], curve: [], framesUntil: undefined, ratio: undefined });
  });
});

describe('the axis of the paper', () => {
  it('is stretched so that the LSTM’s highest point that ours comes up to lies on our curve', () => {
    const line = (most: number): AgentCell => {
      const cell = cellOf('16,3', 'lstm');
      const curve = [
        { frames: 0, meanReward: 0, spread: 0 },
        { frames: 100, meanReward: most, spread: 0 },
      ];
      return { ...cell, seeds: { ...cell.seeds, curve } };
    };
    expect(axisUnit(figure5, [line(1)], 'seeds')).toBeCloseTo(94 / 6, 10);
    expect(axisUnit(figure5, [line(0.8)], 'seeds')).toBeCloseTo(87.5 / 3, 10);
    expect(axisUnit(figure5, [line(0.5)], 'seeds')).toBeUndefined();
    expect(axisUnit(figure5, [cellOf('16,3', 'rnn')], 'seeds')).toBeUndefined();
  });

  it('starts where a blind policy is', () => {
    expect(figure5.boards.map(blindReward)).toEqual([-0.75, -1 + 1 / 6, -0.875]);
  });
});

describe('figure5.html', () => {
  it('is one well-formed page that needs no script and nothing from elsewhere', () => {
    const html = figureHtml(report);
    const page = parse(html);
    expect(all(page, 'script')).toEqual([]);
    expect(html).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
    expect(all(page, 'h2').map(text)).toEqual([
      'Figure 5. Partially observable Catch',
      'N = 16, M = 3',
      'N = 24, M = 5',
      'N = 32, M = 7 (not in the paper)',
      'How to get this again',
    ]);
  });

  it('states the budget of the search, for all models at once', () => {
    const page = text(parse(figureHtml(report)));
    const budget =
      'Each model had 8 trials of random search and 5 seeds of the best one, each run of 1,000,000 frames.';
    expect(page.split(budget).length - 1).toBe(3);
    expect(page).toContain(
      'Trials draw step size and entropy bonus for every model, and S, η, λ for Fast weights.',
    );
  });

  it('draws a line and a band for each model inside its picture, and the paper’s points', () => {
    const pictures = all(parse(figureHtml(report)), 'svg');
    // Two groups of runs on three boards, each for a wide and for a narrow screen.
    expect(pictures.length).toBe(12);
    for (const svg of pictures) {
      const [width, height] = [svg.attributes['width'], svg.attributes['height']].map(Number);
      const paths = all(svg, 'path').filter(({ attributes }) =>
        /^(line|band)/.test(attributes['class'] ?? ''),
      );
      expect(paths.map(({ attributes }) => attributes['class'])).toEqual([
        ...['band rnn', 'band lstm', 'band fast-weights'],
        ...['line chosen rnn', 'line chosen lstm', 'line chosen fast-weights'],
      ]);
      for (const { attributes } of paths) {
        const numbers = (attributes['d'] ?? '').match(/[\d.-]+/g)?.map(Number) ?? [];
        expect(numbers.length).toBeGreaterThan(20);
        numbers.forEach((number, i) => {
          expect(number).toBeGreaterThanOrEqual(0);
          expect(number).toBeLessThanOrEqual((i % 2 === 0 ? width : height) as number);
        });
      }
      expect(svg.attributes['aria-label']).toMatch(/^Mean reward over frames\. RNN /);
    }
    const circles = pictures.map((svg) => all(svg, 'circle').length);
    expect(circles[0]).toBe(6);
    expect(circles.slice(8)).toEqual([0, 0, 0, 0]);
  });

  it('has the times, their ratios and every seed', () => {
    const [timing, seeds, trials] = all(parse(figureHtml(report)), 'table');
    const rows = all(timing as Element, 'tr').map((row) => [
      ...all(row, 'th').map(text),
      ...all(row, 'td').map(text),
    ]);
    expect(rows[0]).toEqual([
      ...['Model', 'Seeds', 'to LSTM', '5 best', 'to LSTM', 'Paper', 'to LSTM'],
    ]);
    const { seeds: own } = cellOf('16,3', 'fast-weights');
    const thousands = Math.round(Number((own.framesUntil as number).toPrecision(3)) / 1000);
    expect(rows[3]?.slice(0, 3)).toEqual([
      'Fast weights',
      `${thousands},000`,
      `× ${own.ratio?.toFixed(2)}`,
    ]);
    expect(rows[3]?.slice(5)).toEqual(['3.3', '× 0.60']);
    expect(rows[2]?.slice(5)).toEqual(['5.5', '× 1.00']);
    const each = text(all(seeds as Element, 'tr')[1] as Element);
    expect(each).toContain('trial 2 failed: the loss was NaN at &lt;update 7&gt; &amp; ended');
    expect(all(trials as Element, 'tr').length).toBe(1 + 15);
  });

  it('is there before the first run has ended', async () => {
    const plan = await planFigure(figure5, options);
    const bare = createFigureReport(
      figure5,
      plan.map((run) => ({ status: 'left', run })),
      exampleFacts,
    );
    const page = parse(figureHtml(bare));
    expect(all(page, 'svg')).toEqual([]);
    expect(text(page)).toContain('8 not yet');
    expect(text(page)).toContain('no seeds of the best one yet');
    expect(figureMarkdown(bare)).toContain('8 not yet');
  });

  it('says so where models did not have the same', () => {
    const spent = report.spent.map((one) =>
      one.model === 'lstm' ? { ...one, trials: 40, frames: [1_000_000, 2_000_000] } : one,
    );
    const page = text(parse(figureHtml({ ...report, spent })));
    expect(page).toContain('The models did not have the same: RNN had 8 trials');
    expect(page).toContain('LSTM had 40 trials');
    expect(page).toContain('each run of 1,000,000 or 2,000,000 frames');
  });
});

describe('figure5.md', () => {
  it('has tables whose rows all have the columns of their heads', () => {
    const markdown = figureMarkdown(report);
    const lines = markdown.split('\n');
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    let width = 0;
    for (const [i, line] of lines.entries()) {
      if (!line.startsWith('|')) continue;
      if (!lines[i - 1]?.startsWith('|')) width = cells(line);
      expect(cells(line), line).toBe(width);
    }
    expect(lines).toContain('| Model | Seeds | to LSTM | 5 best | to LSTM | Paper | to LSTM |');
    expect(markdown).toContain('NaN at \\<update 7\\> & ended');
    expect(markdown).toContain('8 trials of random search and 5 seeds of the best one');
    expect(markdown).toContain('0.88 at 3 · 0.95 at 4');
  });
});

describe('figure5.json', () => {
  it('is the report: nothing is lost on the way', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.runs.length).toBe(9 * (8 + 5));
    // One of them has failed, all others took two seconds.
    expect(report.facts.seconds).toBe(2 * (9 * (8 + 5) - 1));
  });

  it('refuses facts that are none', () => {
    expect(() => createFigureReport(figure5, [], { ...exampleFacts, date: 7 as never })).toThrow(
      OptionError,
    );
  });
});
