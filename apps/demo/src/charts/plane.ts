import { dot } from './vectors.ts';

/** A view of many dimensions in two: the two directions in which the points differ most. */
export type Plane = (point: readonly number[]) => readonly [x: number, y: number];

const ROUNDS = 60;

/** Principal components, by power iteration from a fixed start: the same points give the same view. */
export function planeOf(points: readonly (readonly number[])[]): Plane {
  const size = points[0]?.length ?? 0;
  const mean = Array.from(
    { length: size },
    (_, i) => sum(points.map((p) => p[i] ?? 0)) / points.length,
  );
  const centred = points.map((point) => point.map((value, i) => value - (mean[i] ?? 0)));
  const axes: number[][] = [];
  for (let axis = 0; axis < 2; axis++) axes.push(strongest(centred, axes, size));
  return (point) => {
    const from = point.map((value, i) => value - (mean[i] ?? 0));
    return [dot(from, axes[0] ?? []), dot(from, axes[1] ?? [])];
  };
}

function strongest(
  points: readonly number[][],
  taken: readonly number[][],
  size: number,
): number[] {
  let axis = unit(Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + taken.length + 1)));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Array<number>(size).fill(0);
    for (const point of points) {
      const along = dot(point, axis);
      point.forEach((value, i) => {
        next[i] = (next[i] ?? 0) + along * value;
      });
    }
    for (const other of taken) {
      const along = dot(next, other);
      other.forEach((value, i) => {
        next[i] = (next[i] ?? 0) - along * value;
      });
    }
    const length = Math.sqrt(dot(next, next));
    if (length < 1e-12) break;
    axis = next.map((value) => value / length);
  }
  return axis;
}

const unit = (vector: number[]): number[] => {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
