import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { clamp } from '../state/settings.ts';
import { Range } from './range.tsx';

const PACE = 700;

export interface TimeSliderProps {
  readonly steps: number;
  /** From 1. */
  readonly now: number;
  readonly name: string;
  /** The moment in words. */
  readonly text: string;
  onGo(step: number): void;
}

/** The slider through time, whose thumb stands under the column of its step. */
export const TimeSlider = ({ steps, now, name, text, onGo }: TimeSliderProps): JSX.Element => (
  <div class="time" style={{ '--steps': String(steps) }}>
    <Range class="scrub" min={1} max={steps} value={now} onInput={onGo} {...{ name, text }} />
  </div>
);

export interface PlayerProps extends Pick<TimeSliderProps, 'steps' | 'now' | 'onGo'> {
  /** What stands to the right of the buttons. */
  readonly children?: ComponentChildren;
  /** Answers to Space and the arrow keys wherever no control has the focus. */
  readonly hasKeys?: boolean;
}

/** Play, and one step back and on. It stops at the end, when the page is hidden, and when somebody else moves. */
export function Player({ steps, now, onGo, children, hasKeys = false }: PlayerProps): JSX.Element {
  const [isPlaying, play] = useState(false);

  useEffect(() => {
    if (!isPlaying) return;
    if (now >= steps || document.hidden) return play(false);
    const timer = setTimeout(() => onGo(now + 1), PACE);
    return () => clearTimeout(timer);
  }, [isPlaying, now, steps]);

  function toggle(): void {
    if (!isPlaying && now >= steps) onGo(1);
    play(!isPlaying);
  }

  function move(by: number): void {
    play(false);
    onGo(clamp(now + by, 1, steps));
  }

  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === ' ') toggle();
      else if (event.key === 'ArrowLeft') move(-1);
      else if (event.key === 'ArrowRight') move(1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <div class="player">
      <button type="button" class="button main play" onClick={toggle}>
        {isPlaying ? 'Pause' : 'Play'}
      </button>
      <button
        type="button"
        class="button"
        aria-label="Previous step"
        disabled={now <= 1}
        onClick={() => move(-1)}
      >
        ←
      </button>
      <button
        type="button"
        class="button"
        aria-label="Next step"
        disabled={now >= steps}
        onClick={() => move(1)}
      >
        →
      </button>
      {children}
    </div>
  );
}
