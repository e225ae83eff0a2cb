import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import type { Split } from './loaded-data.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const WIDEST = 20;
const SHARE = 9;
const LEAST_BAR = 4;

/** How many of each class there are in each split, with bars for their shares of the first. */
export function balanceTable(
  classes: readonly string[],
  splits: readonly Split[],
  columns: number,
): Line[] {
  const name = Math.max(...classes.map((text) => text.length), 'all'.length) + 2;
  const widths = splits.map((split) => Math.max(split.name.length, count(split.size).length) + 2);
  const room = columns - name - widths.reduce((sum, width) => sum + width, 0);
  const percents = room < SHARE ? 0 : SHARE;
  const bar = room < SHARE + LEAST_BAR ? 0 : Math.min(room - SHARE, WIDEST);
  const shown = splits.find(({ size }) => size > 0);
  const most = Math.max(...(shown?.counts ?? []), 1);

  const numbers = (of: (split: Split) => string): string =>
    splits.map((split, i) => of(split).padStart(widths[i] as number)).join('');
  const rows = classes.map((text, i): Line => {
    const own = shown?.counts[i] ?? 0;
    const share = `${((100 * own) / (shown?.size ?? 1)).toFixed(1)} %`;
    return [
      text.padEnd(name),
      ['read', barOf(own / most, bar).padEnd(bar)],
      percents === 0 ? '' : share.padStart(percents),
      numbers((split) => count(split.counts[i] ?? 0)),
    ];
  });
  const left = name + bar + percents;
  const ofWhat = [`share of ${shown?.name}`, 'share'].find((text) => text.length < left) ?? '';
  return [
    [['faint', ofWhat.padStart(left) + numbers((split) => split.name)]],
    ...rows,
    [['faint', 'all'.padEnd(left)], numbers((split) => count(split.size))],
  ];
}

/** A bar of this share of the columns, to an eighth of one; what is there at all can be seen. */
function barOf(share: number, columns: number): string {
  const eighths = share > 0 ? Math.max(Math.round(8 * share * columns), 1) : 0;
  return columns === 0 ? '' : '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}
