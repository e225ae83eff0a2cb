import { roomLight } from './lights.ts';
import { pixelsPerUnit, type Vector, yawTurn } from './pose.ts';
import { BACKGROUND, type Canvas } from './rasterise.ts';

/** A rasterised head with what does not change from flash to flash. */
export interface Scene {
  readonly canvas: Canvas;
  /** The points that show the head, `covered` of them. */
  readonly points: Uint32Array;
  covered: number;
  /** What each point reflects of the room's light, by point. */
  readonly room: Float32Array;
  toCamera: (direction: Vector) => Vector;
}

export interface Lighting {
  readonly flash: number;
  readonly room: number;
  readonly background: number;
  /** How much lighter the background is on the right than on the left. */
  readonly slope: number;
  readonly shine: number;
}

/** Without a flash the camera takes more of the room's light. */
const EXPOSURE_WITHOUT_FLASH = 2.4;
const SHADOW_STEPS = 11;
const SHADOW_STEP = 2.2;
/** A shadow's edge is this deep, and what is further in front than this throws none. */
const SHADOW_EDGE = 0.09;
const SHADOW_REACH = 0.6;
const SHADOW_BIAS = 0.035;

/** A scene of a canvas that is not drawn yet. */
export function createScene(canvas: Canvas): Scene {
  const points = new Uint32Array(canvas.side * canvas.side);
  const room = new Float32Array(canvas.side * canvas.side);
  return { canvas, points, covered: 0, room, toCamera: (direction) => direction };
}

/** Takes over what has been drawn on the canvas, for a camera at this angle. */
export function setScene(scene: Scene, cameraYaw: number): void {
  const { points, room, canvas } = scene;
  const toCamera = yawTurn(cameraYaw);
  const [lx, ly, lz] = toCamera(roomLight);
  const { depth, albedo, normalX, normalY, normalZ } = canvas;
  let covered = 0;
  for (let i = 0; i < depth.length; i++) {
    if (depth[i] === BACKGROUND) continue;
    points[covered++] = i;
    const up = normalY[i] as number;
    const facing = (normalX[i] as number) * lx + up * ly + (normalZ[i] as number) * lz;
    room[i] = (albedo[i] as number) * (0.55 + 0.2 * up + 0.45 * Math.max(0, facing));
  }
  scene.covered = covered;
  scene.toCamera = toCamera;
}

/** Light that reaches the camera: Lambert with a weak Blinn highlight and cast shadows, over ambient light. */
export function shade(
  scene: Scene,
  flash: Vector | undefined,
  lighting: Lighting,
  into: Float32Array,
): void {
  const { points, covered, room, canvas } = scene;
  fillBackground(canvas.side, lighting, flash ? 1 : 0.9, into);
  const roomLevel = lighting.room * (flash ? 1 : EXPOSURE_WITHOUT_FLASH);
  for (let p = 0; p < covered; p++) {
    const i = points[p] as number;
    into[i] = roomLevel * (room[i] as number);
  }
  if (flash) addFlash(scene, scene.toCamera(flash), lighting, into);
}

function fillBackground(
  side: number,
  { background, slope }: Lighting,
  level: number,
  into: Float32Array,
): void {
  for (let x = 0; x < side; x++) into[x] = background * level * (1 + slope * (x / side - 0.5));
  for (let y = 1; y < side; y++) into.copyWithin(y * side, 0, side);
}

function addFlash(
  { canvas, points, covered }: Scene,
  light: Vector,
  { flash, shine }: Lighting,
  into: Float32Array,
): void {
  const { albedo, gloss, normalX, normalY, normalZ } = canvas;
  const lx = light[0];
  const ly = light[1];
  const lz = light[2];
  const halfway = 1 / Math.sqrt(lx * lx + ly * ly + (lz + 1) * (lz + 1));
  for (let p = 0; p < covered; p++) {
    const i = points[p] as number;
    const nx = normalX[i] as number;
    const ny = normalY[i] as number;
    const nz = normalZ[i] as number;
    const facing = nx * lx + ny * ly + nz * lz;
    if (facing <= 0) continue;
    const lit = litShare(canvas, i, lx, ly, lz);
    if (lit <= 0) continue;
    const h = Math.max(0, (facing + nz) * halfway);
    const h2 = h * h;
    const h8 = h2 * h2 * h2 * h2;
    const highlight = 0.22 * shine * (gloss[i] as number) * h8 * h8 * h8;
    into[i] = (into[i] as number) + lit * flash * ((albedo[i] as number) * facing + highlight);
  }
}

/** Walks from a point towards the light over the depths that the camera sees: 1 where nothing is in the way. */
function litShare(canvas: Canvas, point: number, lx: number, ly: number, lz: number): number {
  const { side, depth } = canvas;
  const stepX = lx * SHADOW_STEP;
  const stepY = -ly * SHADOW_STEP;
  const stepZ = (lz * SHADOW_STEP) / pixelsPerUnit(side);
  const row = Math.floor(point / side);
  let x = point - row * side + 0.5;
  let y = row + 0.5;
  let z = (depth[point] as number) + SHADOW_BIAS;
  let lit = 1;
  for (let step = 0; step < SHADOW_STEPS; step++) {
    x += stepX;
    y += stepY;
    z += stepZ;
    if (x < 0 || y < 0 || x >= side || y >= side) return lit;
    const over = (depth[(y | 0) * side + (x | 0)] as number) - z;
    if (over <= 0 || over >= SHADOW_REACH) continue;
    lit = Math.min(lit, 1 - over / SHADOW_EDGE);
    if (lit <= 0) return 0;
  }
  return lit;
}
