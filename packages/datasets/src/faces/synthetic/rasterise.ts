import type { Mesh } from './mesh.ts';
import type { Vector } from './pose.ts';

/** What a camera sees at each of its points, before any light: nearest surface, its albedo, gloss and normal. */
export interface Canvas {
  readonly side: number;
  /** Towards the camera; `BACKGROUND` where there is nothing. */
  readonly depth: Float32Array;
  readonly albedo: Float32Array;
  readonly gloss: Float32Array;
  readonly normalX: Float32Array;
  readonly normalY: Float32Array;
  readonly normalZ: Float32Array;
}

export const BACKGROUND = -9;

export function createCanvas(side: number): Canvas {
  const numbers = (): Float32Array => new Float32Array(side * side);
  return {
    side,
    depth: numbers(),
    albedo: numbers(),
    gloss: numbers(),
    normalX: numbers(),
    normalY: numbers(),
    normalZ: numbers(),
  };
}

/** Draws a mesh that has its place: from both sides, or without what faces away. */
export function rasterise(canvas: Canvas, mesh: Mesh, bothSides: boolean): void {
  const { columns, rows } = mesh;
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0, i = row * columns; column < columns - 1; column++, i++) {
      fill(canvas, mesh, i, i + columns, i + 1);
      fill(canvas, mesh, i + 1, i + columns, i + columns + 1);
      if (!bothSides) continue;
      fill(canvas, mesh, i, i + 1, i + columns);
      fill(canvas, mesh, i + 1, i + columns + 1, i + columns);
    }
  }
}

function fill(canvas: Canvas, mesh: Mesh, a: number, b: number, c: number): void {
  const { screenX, screenY } = mesh;
  const ax = screenX[a] as number;
  const ay = screenY[a] as number;
  const bx = (screenX[b] as number) - ax;
  const by = (screenY[b] as number) - ay;
  const cx = (screenX[c] as number) - ax;
  const cy = (screenY[c] as number) - ay;
  const area = cx * by - bx * cy;
  if (area <= 1e-6) return;
  const { side } = canvas;
  const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5));
  const right = Math.min(side - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
  if (left > right) return;
  const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
  const bottom = Math.min(side - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
  const scale = 1 / area;
  for (let y = top; y <= bottom; y++) {
    const dy = y + 0.5 - ay;
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - ax;
      const shareB = (cx * dy - dx * cy) * scale;
      const shareC = (dx * by - bx * dy) * scale;
      const shareA = 1 - shareB - shareC;
      if (shareA < 0 || shareB < 0 || shareC < 0) continue;
      const depth = blend(mesh.depth, a, b, c, shareA, shareB, shareC);
      const pixel = y * side + x;
      if (depth <= (canvas.depth[pixel] as number)) continue;
      canvas.depth[pixel] = depth;
      canvas.albedo[pixel] = blend(mesh.albedo, a, b, c, shareA, shareB, shareC);
      canvas.gloss[pixel] = blend(mesh.gloss, a, b, c, shareA, shareB, shareC);
      canvas.normalX[pixel] = blend(mesh.normalX, a, b, c, shareA, shareB, shareC);
      canvas.normalY[pixel] = blend(mesh.normalY, a, b, c, shareA, shareB, shareC);
      canvas.normalZ[pixel] = blend(mesh.normalZ, a, b, c, shareA, shareB, shareC);
    }
  }
}

function blend(
  values: Float32Array,
  a: number,
  b: number,
  c: number,
  shareA: number,
  shareB: number,
  shareC: number,
): number {
  return (
    shareA * (values[a] as number) + shareB * (values[b] as number) + shareC * (values[c] as number)
  );
}

/** Turns all normals from the head to the camera. */
export function turnNormals(canvas: Canvas, axes: readonly [Vector, Vector, Vector]): void {
  const [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = axes;
  const { normalX, normalY, normalZ } = canvas;
  for (let i = 0; i < normalX.length; i++) {
    const x = normalX[i] as number;
    const y = normalY[i] as number;
    const z = normalZ[i] as number;
    normalX[i] = xx * x + yx * y + zx * z;
    normalY[i] = xy * x + yy * y + zy * z;
    normalZ[i] = xz * x + yz * y + zz * z;
  }
}
