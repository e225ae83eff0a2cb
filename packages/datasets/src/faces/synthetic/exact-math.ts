// Whatever decides a pixel is made of +, −, ×, ÷, √, floor and comparisons, which every engine computes to the same bit.
// Math.sin, Math.cos, Math.exp, Math.log and ** are not specified so exactly.

export function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

export function square(x: number): number {
  return x * x;
}

/** 0 at `from`, 1 at `to`, smooth between; `from` may be the larger. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** A hill over a squared distance: 1 at 0, 0 from 1 on. */
export function hill(squaredDistance: number): number {
  return squaredDistance < 1 ? square(1 - squaredDistance) : 0;
}

/** The hill over |x| / `width`. */
export function ridge(x: number, width: number): number {
  return hill(square(x / width));
}

/** The hill over an ellipse of these half-axes. */
export function mound(x: number, width: number, y: number, height: number): number {
  return hill(square(x / width) + square(y / height));
}

export const PI: number = Math.PI;
const TURN = 2 * PI;

/** Taylor's series up to x¹³ after folding into a quarter turn: within 1e-9 of the sine. */
export function sine(angle: number): number {
  let x = angle - TURN * Math.floor(angle / TURN + 0.5);
  if (x > PI / 2) x = PI - x;
  else if (x < -PI / 2) x = -PI - x;
  const q = x * x;
  const tail = (q / 72) * (1 - (q / 110) * (1 - q / 156));
  return x * (1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - tail))));
}

export function cosine(angle: number): number {
  return sine(angle + PI / 2);
}

export function radians(degrees: number): number {
  return (degrees * PI) / 180;
}

/** x^¾ for x ≥ 0. */
export function threeQuarterPower(x: number): number {
  const root = Math.sqrt(x);
  return root * Math.sqrt(root);
}

export type Curve = (x: number) => number;

/**
 * A smooth curve through points with falling x (Catmull–Rom), never below 0, level beyond its ends.
 * Looked up in a table, as it is asked for at every row of a head.
 */
export function curveThrough(points: readonly (readonly [x: number, y: number])[]): Curve {
  const steps = 512;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [high, low] = [Math.max(...xs), Math.min(...xs)];
  const table = Float64Array.from({ length: steps + 1 }, (_, i) =>
    catmullRom(xs, ys, low + ((high - low) * i) / steps),
  );
  return (x) => {
    const place = clamp(((x - low) / (high - low)) * steps, 0, steps - 1e-6);
    const i = Math.floor(place);
    return mix(table[i] as number, table[i + 1] as number, place - i);
  };
}

function catmullRom(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 2;
  const found = xs.findIndex((_, i) => i >= last || x >= (xs[i + 1] as number));
  const at = (i: number): number => ys[clamp(i, 0, ys.length - 1)] as number;
  const [from, to] = [xs[found] as number, xs[found + 1] as number];
  const t = clamp((x - from) / (to - from), 0, 1);
  const [p0, p1, p2, p3] = [at(found - 1), at(found), at(found + 1), at(found + 2)];
  const cubic = 2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0);
  return Math.max(0, p1 + 0.5 * t * (p2 - p0 + t * cubic));
}
