import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PadMarks } from './pad-marks.tsx';
import { paint } from './pixels.ts';
import { currentFace } from './state.ts';

const FACE_SIDE = 48;

export function FacePicture({ label }: { readonly label: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = currentFace.value?.pixels;
  useLayoutEffect(() => {
    if (canvas.current && pixels) {
      paint(
        canvas.current,
        Array.from(pixels, (grey) => grey / 255),
        FACE_SIDE,
        'face',
      );
    }
  }, [pixels]);
  return (
    <div class="pad">
      <canvas ref={canvas} role="img" aria-label={label} />
      <PadMarks side={FACE_SIDE} />
    </div>
  );
}
