import { glimpses } from '@fastweights/datasets';
import type { JSX } from 'preact';
import type { Place } from './pen.ts';
import { glimpse, hidden } from './state.ts';

export interface PadMarksProps {
  readonly side: number;
  /** Where the keyboard's pen is. */
  readonly cursor?: Place;
  readonly isDown?: boolean;
}

/** Over the picture: its quarters, the way of the glimpses so far, and the one of this moment. */
export function PadMarks({ side, cursor, isDown = false }: PadMarksProps): JSX.Element {
  const { places } = glimpses({ side });
  const now = places[glimpse.value - 1];
  const middles = places
    .slice(0, glimpse.value)
    .map(({ x, y, size, role }) => ({ at: [x + size / 2, y + size / 2] as const, role }));
  const quarter = places.find(
    ({ role, region }) => role === 'coarse' && region[0] === hidden.value - 1,
  );
  const isWiped = quarter !== undefined && glimpse.value > places.indexOf(quarter) + 1;
  const dot = side / 28;
  return (
    <svg viewBox={`0 0 ${side} ${side}`} aria-hidden="true">
      <path
        class="middle"
        d={`M${side / 2} 0V${side}M0 ${side / 2}H${side}`}
        vector-effect="non-scaling-stroke"
      />
      {isWiped && (
        <rect
          class="wiped"
          x={quarter.x}
          y={quarter.y}
          width={quarter.size}
          height={quarter.size}
        />
      )}
      <polyline
        class="way"
        points={middles.map(({ at }) => at.join()).join(' ')}
        vector-effect="non-scaling-stroke"
      />
      {middles.map(({ at: [cx, cy], role }, i) => (
        <circle
          key={i}
          class={role === 'fine' ? 'fine' : 'coarse'}
          {...{ cx, cy }}
          r={(role === 'fine' ? 0.3 : 0.5) * dot}
          vector-effect="non-scaling-stroke"
        />
      ))}
      {now && (
        <rect
          class="now"
          x={now.x}
          y={now.y}
          width={now.size}
          height={now.size}
          vector-effect="non-scaling-stroke"
        />
      )}
      {cursor && (
        <circle
          class={isDown ? 'cursor down' : 'cursor'}
          cx={cursor[0]}
          cy={cursor[1]}
          r={0.9}
          vector-effect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
