import type { JSX } from 'preact';
import { fixed } from '../../charts/format.ts';
import { HeatMap, Legend } from '../../charts/heat-map.tsx';
import { sizeOf } from '../../charts/vectors.ts';
import { Caption } from '../../parts/caption.tsx';
import { Segments } from '../../parts/segments.tsx';
import type { Reading } from '../../recall/reading.ts';
import { choiceSetting } from '../../state/settings.ts';

const views = ['A', 'change'] as const;
const view = choiceSetting('show', 'A', views);
const NOTHING: readonly number[] = [];

export interface MatrixPartProps {
  readonly reading: Reading | undefined;
  readonly now: number;
}

/** A as a heat map, or what this step wrote and what faded. */
export function MatrixPart({ reading, now }: MatrixPartProps): JSX.Element {
  const isChange = view.value === 'change';
  const units = reading?.facts.units ?? 32;
  const A = reading?.matrices[now - 1] ?? NOTHING;
  const before = reading?.matrices[now - 2] ?? NOTHING;
  const values = isChange ? A.map((value, i) => value - (before[i] ?? 0)) : A;
  const max = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rows = strongest(A, units);
  const label = isChange
    ? `What step ${now} changed in A, ${units} by ${units}: at most ${fixed(max)}.`
    : `A after step ${now}, ${units} by ${units}. Strongest rows ${rows.join(', ')}.`;
  return (
    <div class="matrix">
      <Caption title={isChange ? `Change at step ${now}` : `Fast weights A(${now})`}>
        <Segments
          label="Show"
          choices={views}
          value={view.value}
          onChange={(next) => {
            view.value = next;
          }}
        />
      </Caption>
      <HeatMap columns={units} signed={isChange} {...{ values, max, label }} />
      <Legend low={isChange ? fixed(-max, 1) : '0'} high={fixed(max, 1)} signed={isChange} />
      <p class="sum">
        {isChange
          ? 'Orange was written at this step, blue is what faded. The scale is of square roots, so that small values show.'
          : `${units} × ${units}, size ${fixed(sizeOf(A), 1)}. Strongest rows: ${rows.join(', ')}. With ReLU units A is never negative; its change is. Square-root scale.`}
      </p>
    </div>
  );
}

/** The rows of the units that were written most, counted from 1. */
function strongest(A: readonly number[], units: number): number[] {
  const sizes = Array.from({ length: units }, (_, row) =>
    sizeOf(A.slice(row * units, (row + 1) * units)),
  );
  return sizes
    .map((_, row) => row + 1)
    .sort((a, b) => (sizes[b - 1] ?? 0) - (sizes[a - 1] ?? 0))
    .slice(0, 3);
}
