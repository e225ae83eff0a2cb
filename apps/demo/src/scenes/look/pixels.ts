import { magnitudeRamp } from '../../charts/ramp.ts';
import type { Subject } from './look.worker.ts';

/** Grey values from 0 to 1 as pixels of a canvas: ink on the magnitude ramp, and faces in grey. */
export function paint(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  side: number,
  subject: Subject,
): void {
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) return;
  const ramp = magnitudeRamp();
  for (let i = 0; i < side * side; i++) {
    const value = Math.min(Math.max(values[i] ?? 0, 0), 1);
    const grey = Math.round(255 * value);
    context.fillStyle = subject === 'digit' ? ramp(value) : `rgb(${grey},${grey},${grey})`;
    context.fillRect(i % side, Math.floor(i / side), 1, 1);
  }
}
