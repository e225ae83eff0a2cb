import {
  type PaperTable,
  type PlannedRun,
  paperTables,
  parseConfig,
} from '@fastweights/experiments';
import { describe, expect, it } from 'vitest';
import { invocation } from '../src/invocation.ts';
import { commandOf, type ReproduceOptions } from '../src/reproduce/reproduce-options.ts';
import { advance, beginRun, secondsLeft, updatesPerSecond } from '../src/reproduce/run-progress.ts';
import { headOf, progressRow, resultRow, shortDuration } from '../src/reproduce/run-row.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';

const run: PlannedRun = {
  table: 'table1',
  model: 'fast-weights',
  units: 100,
  seed: 5,
  config: parseConfig({ task: 'retrieval', training: { maxUpdates: 500_000 } }),
  hash: 'a'.repeat(64),
};

const place = { index: 59, of: 60 };

describe('the line of a run', () => {
  it('has the speed and the time left from the last reports', () => {
    let progress = beginRun(run, place, { update: 1000, errors: [] });
    expect(updatesPerSecond(progress)).toBeUndefined();
    for (let i = 1; i <= 30; i++) {
      // Slow at first, then 500 a second.
      const at = i < 10 ? 10_000 * i : 90_000 + 1000 * (i - 9);
      progress = advance(progress, { update: 1000 + 500 * i, loss: 2 / i }, at);
    }
    expect(updatesPerSecond(progress)).toBe(500);
    expect(secondsLeft(progress)).toBe((500_000 - 16_000) / 500);
    expect(textOf(progressRow(progress))).toBe(
      '60/60 fast-weights  100    5  16,000/500,000    500  0.067          16 min 08 s',
    );
  });

  it('keeps the last validation error, and fits into 79 columns', () => {
    let progress = beginRun(run, place);
    progress = advance(progress, { update: 499_999, loss: 2.345, validationError: 1 }, 1);
    progress = advance(progress, { update: 500_000, loss: 12.345 }, 2);
    const line = progressRow(progress);
    expect(textOf(line)).toContain(' 12.345   100 % ');
    for (const one of [line, ...Object.values(paperTables).map(headOf)]) {
      expect(widthOf(one)).toBeLessThanOrEqual(79);
    }
  });

  it('ends with the test error', () => {
    const line = resultRow(run, place, {
      updates: 400,
      stopped: 'updates',
      best: { validationError: 0.0181, validationLoss: 0.1, update: 300 },
      testError: 0.00003,
      seconds: 8,
      curve: [{ update: 400, loss: 0.1 }],
    });
    expect(textOf(line)).toBe(
      '60/60 fast-weights  100    5             400   50.0  0.100  1.81 %      0.003 %',
    );
  });

  it('speaks of accuracy where the table does', () => {
    const face = { ...run, table: 'table3' };
    const progress = { update: 10, loss: 1, validationError: 0.25 };
    expect(textOf(progressRow(advance(beginRun(face, place), progress, 1)))).toContain(' 75.00 % ');
    const line = resultRow(face, place, {
      updates: 400,
      stopped: 'updates',
      best: { validationError: 0.2, validationLoss: 0.5, update: 300 },
      testError: 0.1366,
      seconds: 8,
      curve: [{ update: 400, loss: 0.1 }],
    });
    expect(textOf(line)).toMatch(/ 80\.00 % +86\.34 %$/);
    expect(textOf(headOf(paperTables['table3'] as PaperTable))).toMatch(/ val\.acc left or acc\.$/);
  });

  it('tells of images before there is an update', () => {
    const images = { kind: 'rendering', images: 12_000, of: 133_080 } as const;
    expect(textOf(progressRow({ ...beginRun(run, place), images }))).toBe(
      '60/60 fast-weights  100    5  rendering faces 12,000/133,080 …',
    );
  });

  it.each([
    [12.4, '12 s'],
    [59.6, '1 min 00 s'],
    [3599, '59 min 59 s'],
    [7500, '2 h 05 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(shortDuration(seconds)).toBe(text);
  });
});

describe('the command to go on with', () => {
  it('has what is not usual, as a shell reads it', () => {
    expect(
      commandOf('table1', { budget: 'quick', workers: 1, out: 'runs/reproduce', json: true }),
    ).toBe(`${invocation()} reproduce table1 --budget quick`);
    const options: ReproduceOptions = {
      budget: 'full',
      ...{ models: ['a', 'b'], units: [20, 50], seeds: 2, workers: 2, parallel: 1 },
      backend: 'cpu',
      ...{ out: "it's here", software: true, set: ['a=1', 'file=a b'] },
    };
    expect(commandOf('table2', options)).toBe(
      `${invocation()} reproduce table2 --budget full --models a,b --units 20,50 --seeds 2 --workers 2 --parallel 1 --out 'it'\\''s here' --backend cpu --software --set a=1 'file=a b'`,
    );
  });
});
