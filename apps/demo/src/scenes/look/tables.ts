import { fixed } from '../../charts/format.ts';
import type { TwinTable } from '../../parts/table-twin.tsx';
import type { Sight } from './look.worker.ts';
import { namesOf, places, wordsOf } from './moment.ts';

export function tablesOf(sight: Sight): TwinTable[] {
  const { looks, patches, patch, subject } = sight;
  const quarters = places.map((place) => `after ${place}`);
  return [
    {
      caption: 'Answer after each quarter, as probabilities',
      head: ['class', ...quarters, 'without memory, at the end'],
      rows: namesOf(subject).map((name, i) => [
        name,
        ...looks.map(({ probabilities }) => fixed(probabilities[i] ?? 0, 3)),
        fixed(looks.at(-1)?.without[i] ?? 0, 3),
      ]),
    },
    {
      caption: 'How much of each stored glance is read back',
      head: ['read at', ...places],
      rows: looks.map(({ attention }, i) => [
        places[i] ?? '',
        ...attention.map((weight, j) => (j <= i ? fixed(weight, 3) : '–')),
      ]),
    },
    {
      caption: `Mean of what each glimpse of ${patch} × ${patch} shows, from 0 to 1`,
      head: ['glimpse', 'what it is', 'mean'],
      rows: patches.map((values, i) => [
        i + 1,
        wordsOf(i + 1),
        fixed(values.reduce((sum, value) => sum + value, 0) / values.length),
      ]),
    },
  ];
}
