import { cosine, radians, sine } from './exact-math.ts';
import type { Identity } from './identity.ts';
import type { Mesh } from './mesh.ts';

/** How the head is held, in degrees: yaw to the right of the picture, pitch upwards. */
export interface Pose {
  /** Of the camera around the head: the lights stay where they are. */
  readonly camera: number;
  readonly yaw: number;
  readonly pitch: number;
}

/** What an aligner that looks for eyes and nose gets wrong. */
export interface Misalignment {
  /** In pixels of the picture. */
  readonly x: number;
  readonly y: number;
  /** In radians. */
  readonly roll: number;
  readonly scale: number;
}

export const aligned: Misalignment = { x: 0, y: 0, roll: 0, scale: 1 };

export type Vector = readonly [x: number, y: number, z: number];

/** Turns a direction; yaw takes z to x, pitch takes z to y. */
export type Turn = (vector: Vector) => Vector;

export function yawTurn(degrees: number): Turn {
  const c = cosine(radians(degrees));
  const s = sine(radians(degrees));
  return ([x, y, z]) => [c * x + s * z, y, c * z - s * x];
}

function pitchTurn(degrees: number): Turn {
  const c = cosine(radians(degrees));
  const s = sine(radians(degrees));
  return ([x, y, z]) => [x, c * y + s * z, c * z - s * y];
}

const DISTANCE = 9;
/** Pixels of the picture per face unit, and the row of the eyes. */
const PIXELS = 20.7;
const EYES = 18.4;

/** How many pixels of a picture of this width a face unit takes. */
export function pixelsPerUnit(side: number): number {
  return (PIXELS * side) / 48;
}

/** From the head to the picture: a rotation, a perspective, and a similarity that puts eyes and nose in their place. */
export interface Projection {
  /** The columns of the rotation. */
  readonly axes: readonly [Vector, Vector, Vector];
  /** The similarity: x' = a x − b y + shiftX, y' = b x + a y + shiftY, in face units, y upwards. */
  readonly a: number;
  readonly b: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Pixels per face unit, and where the origin is. */
  readonly pixels: number;
  readonly originX: number;
  readonly originY: number;
}

type Place = readonly [x: number, y: number];

function seen([x, y, z]: Vector): Place {
  const size = DISTANCE / (DISTANCE - z);
  return [x * size, y * size];
}

function centre(places: readonly Place[]): Place {
  const sum = (axis: 0 | 1): number => places.reduce((total, place) => total + place[axis], 0);
  return [sum(0) / places.length, sum(1) / places.length];
}

/** `side` is the width of the picture that is rendered, in its own pixels; misalignment counts pixels of 48. */
export function project(
  { eyes, nose }: Identity,
  pose: Pose,
  wrong: Misalignment,
  side: number,
): Projection {
  const pitch = pitchTurn(pose.pitch);
  const yaw = yawTurn(pose.camera + pose.yaw);
  const turn: Turn = (vector) => yaw(pitch(vector));
  const tip = 0.87 + 0.21 * nose.height;
  const marks: Vector[] = [
    [-eyes.apart, 0, 0.7],
    [eyes.apart, 0, 0.7],
    [0, -0.47 * nose.length, tip],
  ];
  const from = marks.map((mark) => seen(turn(mark)));
  const to: Place[] = [
    [-0.36, 0],
    [0.36, 0],
    [0, -0.47],
  ];
  const { a, b } = similarity(from, to);
  const c = cosine(wrong.roll) * wrong.scale;
  const s = sine(wrong.roll) * wrong.scale;
  const [turnedA, turnedB] = [a * c - b * s, a * s + b * c];
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  const zoom = side / 48;
  return {
    axes: [turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, 1])],
    a: turnedA,
    b: turnedB,
    shiftX: toX - turnedA * fromX + turnedB * fromY,
    shiftY: toY - turnedB * fromX - turnedA * fromY,
    pixels: pixelsPerUnit(side),
    originX: (24 + wrong.x) * zoom,
    originY: (EYES + wrong.y) * zoom,
  };
}

/** The least-squares rotation and scale between two sets of places, as a complex number a + bi. */
function similarity(from: readonly Place[], to: readonly Place[]): { a: number; b: number } {
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  let [real, imaginary, size] = [0, 0, 0];
  from.forEach(([x, y], i) => {
    const [u, v] = [x - fromX, y - fromY];
    const [p, q] = to[i] as Place;
    real += u * (p - toX) + v * (q - toY);
    imaginary += u * (q - toY) - v * (p - toX);
    size += u * u + v * v;
  });
  return { a: real / size, b: imaginary / size };
}

/** Screen places, depths and turned normals of a mesh. */
export function place(mesh: Mesh, projection: Projection): void {
  const { a, b, shiftX, shiftY, pixels, originX, originY } = projection;
  const [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = projection.axes;
  for (let i = 0; i < mesh.x.length; i++) {
    const x = mesh.x[i] as number;
    const y = mesh.y[i] as number;
    const z = mesh.z[i] as number;
    const depth = xz * x + yz * y + zz * z;
    const size = DISTANCE / (DISTANCE - depth);
    const right = (xx * x + yx * y + zx * z) * size;
    const up = (xy * x + yy * y + zy * z) * size;
    mesh.screenX[i] = originX + pixels * (a * right - b * up + shiftX);
    mesh.screenY[i] = originY - pixels * (b * right + a * up + shiftY);
    mesh.depth[i] = depth;
  }
}
