import { beard, glasses, moustache } from './adornments.ts';
import { brow } from './brow.ts';
import {
  type Curve,
  clamp,
  cosine,
  curveThrough,
  mix,
  mound,
  PI,
  sine,
  smoothstep,
} from './exact-math.ts';
import { eye } from './eye.ts';
import type { FaceState } from './face-state.ts';
import { cheek, foreheadLines, frown } from './folds.ts';
import { createMesh, type Mesh, setNormals } from './mesh.ts';
import { chin, lips, mouthInside } from './mouth.ts';
import { nose } from './nose.ts';

/** A point of the head while the features work on it. */
export interface Point {
  x: number;
  y: number;
  z: number;
  albedo: number;
  gloss: number;
  /** |x| */
  across: number;
  /** 0 on the left of the picture, 1 on the right. */
  half: 0 | 1;
  /** Height before the jaw moved. */
  restY: number;
}

/** Part of a face: bends and paints the points between two heights. */
export interface Feature {
  readonly top: number;
  readonly bottom: number;
  apply(point: Point): void;
}

const COLUMNS = 83;
const ROWS = 95;
const [TOP, CHIN] = [1.2, -1.38];

/** Half the width of the mean head, and how far its front stands out, by height. */
const headWidth: Curve = curveThrough([
  [1.4, 0],
  [1.25, 0.42],
  [1.0, 0.67],
  [0.75, 0.79],
  [0.4, 0.85],
  [0, 0.84],
  [-0.35, 0.81],
  [-0.7, 0.75],
  [-1.0, 0.65],
  [-1.2, 0.49],
  [-1.31, 0.33],
  [-1.38, 0.05],
]);
export const headDepth: Curve = curveThrough([
  [1.4, 0],
  [1.25, 0.36],
  [1.0, 0.6],
  [0.75, 0.73],
  [0.4, 0.8],
  [0, 0.78],
  [-0.35, 0.8],
  [-0.7, 0.82],
  [-1.0, 0.8],
  [-1.2, 0.76],
  [-1.31, 0.6],
  [-1.38, 0.2],
]);

/** How far the front stands out at this angle: flatter than a circle, as faces are. */
export function frontness(angle: number): number {
  const c = cosine(angle);
  const size = Math.abs(c);
  return (c < 0 ? -1 : 1) * mix(Math.sqrt(size), size, 0.42);
}

/** Angles around the head, denser in front. */
const angles = Float64Array.from({ length: COLUMNS }, (_, i) => {
  const t = (2 * i) / (COLUMNS - 1) - 1;
  return 1.75 * t * (0.7 + 0.3 * t * t);
});
const sines = angles.map(sine);
const fronts = angles.map(frontness);

export function createHead(): Mesh {
  return createMesh(COLUMNS, ROWS);
}

/** Width of this head at a height, without what an open mouth does to it. */
export function widthAt({ identity: { head } }: FaceState, y: number): number {
  return headWidth(y) * head.width * mix(1, head.jaw, smoothstep(-0.3, -0.9, y));
}

function featuresOf(state: FaceState): Feature[] {
  const { identity } = state;
  return [
    nose(state),
    eye(state),
    brow(state),
    frown(state),
    foreheadLines(state),
    cheek(state),
    chin(state),
    lips(state),
    mouthInside(state),
    ...(identity.beard > 0 ? [beard(identity)] : []),
    ...(identity.moustache > 0 ? [moustache(state)] : []),
    ...(identity.glasses ? [glasses(identity, identity.glasses)] : []),
  ];
}

/** Bends and paints the head for this identity and expression. */
export function shapeHead(mesh: Mesh, state: FaceState): void {
  const { skin, head } = state.identity;
  const [across, acrossPhase, upwards, upwardsPhase] = skin.mottle;
  const features = featuresOf(state);
  const point: Point = {
    x: 0.5,
    y: 0.5,
    z: 0.5,
    albedo: 0.5,
    gloss: 0.5,
    across: 0.5,
    half: 0,
    restY: 0.5,
  };
  for (let row = 0, i = 0; row < ROWS; row++) {
    const restY = TOP + ((CHIN - TOP) * row) / (ROWS - 1);
    const jaw = smoothstep(-0.72, -1.08, restY);
    const long = restY < -0.6 ? -0.6 + (restY + 0.6) * head.length : restY;
    const y = long - state.jawDrop * jaw;
    const width = widthAt(state, restY) * (1 - 0.1 * state.jawDrop * jaw);
    const depth = headDepth(restY);
    const wave = 1 + upwards * sine(6 * y + upwardsPhase);
    const active = features.filter(({ top, bottom }) => y < top && y > bottom);
    for (let column = 0; column < COLUMNS; column++, i++) {
      const front = fronts[column] as number;
      point.x = width * (sines[column] as number);
      point.y = y;
      point.z = depth * front;
      point.restY = restY;
      point.across = Math.abs(point.x);
      point.half = point.x < 0 ? 0 : 1;
      point.albedo = skin.albedo * (wave + across * sine(5 * point.x + acrossPhase));
      point.gloss = 0.5;
      if (front > 0) for (const feature of active) feature.apply(point);
      else earOver(point, angles[column] as number);
      store(mesh, i, point);
    }
  }
  setNormals(mesh);
}

function earOver(point: Point, angle: number): void {
  const ear = mound(Math.abs(angle) - PI / 2 - 0.02, 0.14, point.y + 0.12, 0.28);
  if (ear === 0) return;
  point.x += 0.13 * ear * (point.x < 0 ? -1 : 1);
  point.albedo *= 1 - 0.12 * ear;
}

function store(mesh: Mesh, i: number, { x, y, z, albedo, gloss }: Point): void {
  mesh.x[i] = x;
  mesh.y[i] = y;
  mesh.z[i] = z;
  mesh.albedo[i] = clamp(albedo, 0, 1);
  mesh.gloss[i] = gloss;
}
