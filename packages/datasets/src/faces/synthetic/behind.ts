import { cosine, sine, smoothstep } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import { hairEnd } from './hair.ts';
import { createMesh, type Mesh, setNormals } from './mesh.ts';

const COLUMNS = 17;
const ROWS = 6;

const angles = Float64Array.from(
  { length: COLUMNS },
  (_, i) => 1.65 * ((2 * i) / (COLUMNS - 1) - 1),
);
const sines = angles.map(sine);
const cosines = angles.map(cosine);

/** For what is behind the head: a neck, or a curtain of hair. */
export function createBehind(): Mesh {
  return createMesh(COLUMNS, ROWS);
}

interface Part {
  readonly y: (row: number) => number;
  readonly halfWidth: (row: number) => number;
  readonly depth: number;
  readonly back: number;
  readonly albedo: (angle: number) => number;
  readonly gloss: number;
}

function shape(mesh: Mesh, part: Part): void {
  for (let row = 0, i = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++, i++) {
      mesh.x[i] = part.halfWidth(row) * (sines[column] as number);
      mesh.y[i] = part.y(row);
      mesh.z[i] = part.depth * (cosines[column] as number) - part.back;
      mesh.albedo[i] = part.albedo(angles[column] as number);
      mesh.gloss[i] = part.gloss;
    }
  }
  setNormals(mesh);
}

export function shapeNeck(mesh: Mesh, { identity }: FaceState): void {
  const width = (identity.male ? 0.54 : 0.46) * identity.head.width;
  shape(mesh, {
    y: (row) => -0.7 - 0.28 * row,
    halfWidth: (row) => width * (1 + 0.5 * smoothstep(3, 5, row)),
    depth: 0.42,
    back: 0.15,
    albedo: () => 0.8 * identity.skin.albedo,
    gloss: 0.2,
  });
}

/** What long hair hides behind the neck. */
export function shapeCurtain(mesh: Mesh, { identity: { hair, head } }: FaceState): void {
  const bottom = hairEnd(hair);
  shape(mesh, {
    y: (row) => 0.8 + ((bottom - 0.8) * row) / (ROWS - 1),
    halfWidth: (row) => (0.82 + 0.6 * hair.volume) * head.width * smoothstep(-1.4, 1.4, row),
    depth: 0.4,
    back: 0.5,
    albedo: (angle) => hair.albedo * (0.7 + 0.14 * sine(19 * angle)),
    gloss: 0.2,
  });
}
