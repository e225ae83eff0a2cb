import { fixed, lowered, percent, sized } from '../../charts/format.ts';
import { sizeOf } from '../../charts/vectors.ts';
import type { TwinTable } from '../../parts/table-twin.tsx';
import type { Settling } from '../../recall/settling.ts';
import { movesOf } from './moves.ts';
import type { Picture } from './picture.ts';
import { loop, MOST_READS } from './state.ts';

export function tablesOf(settling: Settling, { characters, shares }: Picture): TwinTable[] {
  const states = loop.value?.hidden ?? [];
  const [normalised, plain] = [movesOf(settling.normalised), movesOf(settling.plain)];
  const probabilities = loop.value?.probabilities ?? [];
  return [
    {
      caption: 'Shares of attention',
      head: ['state', ...characters.map((character, i) => `${i + 1} ${character}`)],
      rows: shares.map((row, s) => [`h${lowered(s)}`, ...row.map(percent)]),
    },
    {
      caption: 'Sizes and answers',
      head: ['state', 'size', 'move, layer norm', 'move, without it', 'answer', 'probability'],
      rows: Array.from({ length: MOST_READS + 1 }, (_, s) => {
        const likely = probabilities[s] ?? [];
        const best = Math.max(...likely);
        return [
          `h${lowered(s)}`,
          sized(sizeOf(states[s] ?? [])),
          s > 0 ? sized(normalised[s - 1] ?? 0) : '–',
          s > 0 ? sized(plain[s - 1] ?? 0) : '–',
          likely.indexOf(best),
          fixed(best, 4),
        ];
      }),
    },
  ];
}
