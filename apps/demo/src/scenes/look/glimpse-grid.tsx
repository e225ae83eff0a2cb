import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { percent } from '../../charts/format.ts';
import { isDark } from '../../state/theme.ts';
import type { Sight } from './look.worker.ts';
import { bestOf, momentOf, namesOf, places, STEPS, wordsOf } from './moment.ts';
import { paint } from './pixels.ts';
import { glimpse } from './state.ts';

/** Rows are quarters, columns the six glances at each; at the end of a row, what would be answered by then. */
export function GlimpseGrid({ sight }: { readonly sight: Sight | undefined }): JSX.Element {
  const now = glimpse.value;
  const { read } = momentOf(now);
  return (
    <div class="glimpses">
      <span />
      <span class="column write">
        <b>write</b>coarse
      </span>
      {[1, 2, 3, 4].map((detail) => (
        <span key={detail} class="column">
          {detail}
        </span>
      ))}
      <span class="column read">
        <b>read</b>coarse
      </span>
      <span class="column">answer</span>
      {places.map((place, quarter) => (
        <>
          <QuarterMark quarter={quarter} name={place} />
          {Array.from({ length: STEPS }, (_, part) => (
            <Cell key={part} step={quarter * STEPS + part + 1} now={now} sight={sight} />
          ))}
          <Answer sight={sight} quarter={quarter} isRead={quarter < read} />
        </>
      ))}
    </div>
  );
}

function QuarterMark({ quarter, name }: { quarter: number; name: string }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" role="img" aria-label={name}>
      <rect x="0.5" y="0.5" width="15" height="15" rx="2" fill="none" stroke="var(--edge)" />
      <rect
        x={quarter % 2 ? 8.5 : 3}
        y={quarter > 1 ? 8.5 : 3}
        width="4.5"
        height="4.5"
        fill="var(--ink)"
      />
    </svg>
  );
}

interface CellProps {
  readonly step: number;
  readonly now: number;
  readonly sight: Sight | undefined;
}

function Cell({ step, now, sight }: CellProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  const patch = sight?.patches[step - 1];
  useLayoutEffect(() => {
    if (canvas.current && patch && sight) paint(canvas.current, patch, sight.patch, sight.subject);
  }, [patch, dark]);
  const when = step === now ? ' now' : step > now ? ' later' : '';
  return (
    <button
      type="button"
      class={`glimpse${when}`}
      // The slider below goes through them by keys.
      tabIndex={-1}
      aria-label={`Glimpse ${step}: ${wordsOf(step)}`}
      onClick={() => {
        glimpse.value = step;
      }}
    >
      <canvas ref={canvas} />
    </button>
  );
}

interface AnswerProps {
  readonly sight: Sight | undefined;
  readonly quarter: number;
  readonly isRead: boolean;
}

function Answer({ sight, quarter, isRead }: AnswerProps): JSX.Element {
  const look = sight?.looks[quarter];
  if (!look || !sight || !isRead) return <span class="said">–</span>;
  const { name, probability } = bestOf(namesOf(sight.subject), look.probabilities);
  return (
    <span class="said">
      <b>{name}</b>
      {percent(probability)}
    </span>
  );
}
