import { describe, expect, it } from 'vitest';
import { balanceTable } from '../src/data/balance-table.ts';
import { textOf } from '../src/terminal/line.ts';

const splits = [
  { name: 'training', size: 1600, counts: [1000, 500, 99, 1] },
  { name: 'test', size: 10, counts: [0, 10, 0, 0] },
];
const table = (columns: number): string[] =>
  balanceTable(['one', 'three', 'four', 'rare'], splits, columns).map(textOf);

describe('the balance of classes', () => {
  it('is a bar for the share of the first split, and the counts of all', () => {
    expect(table(80)).toEqual([
      '                   share of training  training  test',
      'one    ████████████████████   62.5 %     1,000     0',
      'three  ██████████             31.3 %       500    10',
      'four   ██                      6.2 %        99     0',
      'rare   ▏                       0.1 %         1     0',
      'all                                      1,600    10',
    ]);
  });

  it('has shorter bars, or none, where there is less room', () => {
    expect(table(40)[1]).toBe('one    ████████   62.5 %     1,000     0');
    expect(table(34)[1]).toBe('one       62.5 %     1,000     0');
    expect(table(28)[1]).toBe('one         1,000     0');
    for (const columns of [80, 60, 40, 36, 34, 28]) {
      for (const line of table(columns)) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('shows the shares of the first split that has any', () => {
    const [training, test] = splits as [(typeof splits)[0], (typeof splits)[0]];
    const none = { ...training, size: 0, counts: [0, 0, 0, 0] };
    const lines = balanceTable(['a', 'b', 'c', 'd'], [none, test], 80).map(textOf);
    expect(lines[0]).toContain('share of test');
    expect(lines[2]).toMatch(/^b +█{20} +100\.0 % +0 +10$/);
  });
});
