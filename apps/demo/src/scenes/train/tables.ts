import { fixed } from '../../charts/format.ts';
import type { TwinTable } from '../../parts/table-twin.tsx';
import { styles } from './kinds.ts';
import { errorOf, type Standing, underOne } from './standing.ts';

const ROWS = 20;

export function tablesOf(lines: readonly Standing[]): TwinTable[] {
  const names = lines.map(({ kind }) => styles[kind].name);
  const updates = [...new Set(lines.flatMap(({ curve }) => curve.map(([update]) => update)))];
  const every = Math.max(1, Math.ceil(updates.length / ROWS));
  const shown = updates.sort((a, b) => a - b).filter((_, i) => i % every === 0);
  return [
    {
      caption: 'Where the networks stand',
      head: ['network', 'units', 'updates', 'wrong, %', 'under 1 % after', 'updates / s'],
      rows: lines.map((line) => [
        styles[line.kind].name,
        line.units,
        line.update,
        wrong(errorOf(line)),
        underOne(line) ?? '–',
        line.speed.toFixed(1),
      ]),
    },
    {
      caption: 'Unseen strings that are answered wrongly, in per cent',
      head: ['updates', ...names],
      rows: shown.map((update) => [
        update,
        ...lines.map(({ curve }) => wrong(curve.find(([at]) => at === update)?.[1])),
      ]),
    },
  ];
}

const wrong = (error: number | undefined): string =>
  error === undefined ? '–' : fixed(100 * error);
