import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clamp } from '../../state/settings.ts';
import { isDark } from '../../state/theme.ts';
import { PadMarks } from './pad-marks.tsx';
import { drawLine, type Place, SIDE } from './pen.ts';
import { paint } from './pixels.ts';
import { draw, drawing } from './state.ts';

const STEP = 1;
const MIDDLE: Place = [SIDE / 2, SIDE / 2];

export interface PadProps {
  readonly erases: boolean;
  readonly label: string;
}

/** Draw with a pointer, a finger or the arrow keys. */
export function Pad({ erases, label }: PadProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place | undefined>(undefined);
  const [cursor, move] = useState<Place>(MIDDLE);
  const [isDown, press] = useState(false);
  const [hasFocus, focus] = useState(false);
  const dark = isDark.value;
  const picture = drawing.value;

  useLayoutEffect(() => {
    if (canvas.current)
      paint(
        canvas.current,
        Array.from(picture, (ink) => ink / 15),
        SIDE,
        'digit',
      );
  }, [picture, dark]);

  function line(from: Place, to: Place): void {
    draw(drawLine(drawing.value, from, to, { erases }));
  }

  function placeOf({
    clientX,
    clientY,
    currentTarget,
  }: PointerEvent & { readonly currentTarget: Element }): Place {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [((clientX - left) / width) * SIDE, ((clientY - top) / height) * SIDE];
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = arrows[event.key];
    if (by) {
      const next: Place = [
        clamp(cursor[0] + by[0] * STEP, 0.5, SIDE - 0.5),
        clamp(cursor[1] + by[1] * STEP, 0.5, SIDE - 0.5),
      ];
      if (isDown) line(cursor, next);
      move(next);
    } else if (event.key === ' ' || event.key === 'Enter') {
      if (!isDown) line(cursor, cursor);
      press(!isDown);
    } else return;
    event.preventDefault();
  }

  return (
    <div
      class="pad"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on with the arrow keys
      tabIndex={0}
      aria-label={`${label} Arrow keys move the pen, Space puts it ${isDown ? 'up' : 'down'}.`}
      onKeyDown={onKeyDown}
      onFocus={() => focus(true)}
      onBlur={() => {
        focus(false);
        press(false);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const place = placeOf(event);
        last.current = place;
        move(place);
        line(place, place);
      }}
      onPointerMove={(event) => {
        if (!last.current) return;
        const place = placeOf(event);
        line(last.current, place);
        last.current = place;
      }}
      onPointerUp={() => {
        last.current = undefined;
      }}
      onPointerCancel={() => {
        last.current = undefined;
      }}
    >
      <canvas ref={canvas} role="img" aria-label={label} />
      <PadMarks side={SIDE} {...(hasFocus && { cursor, isDown })} />
    </div>
  );
}

const arrows: Readonly<Record<string, Place>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
