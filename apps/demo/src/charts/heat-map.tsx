import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isDark } from '../state/theme.ts';
import { magnitudeRamp, signedRamp } from './ramp.ts';
import { useWidth } from './use-width.ts';

export interface HeatMapProps {
  /** Row by row. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  /** Signed values take the diverging ramp, symmetric about 0. */
  readonly signed?: boolean;
  /** What takes the strongest colour. */
  readonly max: number;
  readonly label: string;
}

/** A matrix as squares with gaps of a pixel, on a square-root scale so that small values show. */
export function HeatMap(props: HeatMapProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  useLayoutEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, width, props);
  }, [props.values, props.max, props.signed, width, dark]);
  return (
    <div class="heat-map" ref={box}>
      <canvas ref={canvas} role="img" aria-label={props.label} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, width: number, props: HeatMapProps): void {
  const { values, columns, signed = false, max } = props;
  const scale = Math.max(globalThis.devicePixelRatio, 1);
  const size = Math.round(width * scale);
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (!context) return;
  const colour = signed ? signedRamp() : magnitudeRamp();
  const edge = (i: number): number => Math.round((i * size) / columns);
  const gap = Math.max(1, Math.round(scale));
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const value = values[i] ?? 0;
    const share = max > 0 ? Math.sign(value) * Math.sqrt(Math.min(Math.abs(value) / max, 1)) : 0;
    context.fillStyle = colour(share);
    const [x, y] = [edge(column), edge(row)];
    context.fillRect(x, y, edge(column + 1) - x - gap, edge(row + 1) - y - gap);
  }
}

export interface LegendProps {
  readonly low: string;
  readonly high: string;
  readonly signed?: boolean;
}

export const Legend = ({ low, high, signed = false }: LegendProps): JSX.Element => (
  <div class="legend">
    <span>{low}</span>
    <i class={signed ? 'signed' : 'magnitude'} />
    <span>{high}</span>
  </div>
);
