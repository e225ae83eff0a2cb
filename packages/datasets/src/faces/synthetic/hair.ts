import { clamp, mix, PI, ridge, sine, smoothstep } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import { CROWN, type Hair } from './hair-style.ts';
import { frontness, headDepth, widthAt } from './head.ts';
import { createMesh, type Mesh, setNormals } from './mesh.ts';

const COLUMNS = 53;
const ROWS = 22;

const angles = Float64Array.from(
  { length: COLUMNS },
  (_, i) => 1.8 * ((2 * i) / (COLUMNS - 1) - 1),
);
const sines = angles.map(sine);
const fronts = angles.map(frontness);

export function createHair(): Mesh {
  return createMesh(COLUMNS, ROWS);
}

/** The height down to which long hair hangs. */
export function hairEnd({ length }: Hair): number {
  return mix(-0.6, -1.8, length);
}

/** Where the hair ends at this angle: hairline and fringe in front, then sideburns, above the ear, and the nape. */
function edgeAt(hair: Hair, angle: number): number {
  const side = Math.abs(angle);
  const x = 0.8 * sine(angle);
  const away = 1 - 0.75 * hair.parted * ridge(x - hair.parting, 0.3);
  const strands = 0.86 + 0.09 * sine(17 * angle + hair.phase) + 0.05 * sine(41 * angle);
  const front =
    hair.line -
    0.12 * smoothstep(0.3, 1, side) +
    hair.recession * ridge(side - 0.72, 0.4) -
    hair.fringe * smoothstep(1.05, 0.7, side) * away * strands;
  const sideburn = mix(front, 0.02, smoothstep(0.93, 1.15, side));
  const ear = mix(sideburn, 0.16, smoothstep(1.27, 1.37, side));
  const short = mix(ear, -0.55, smoothstep(1.56, 1.7, side));
  const long = mix(front, hairEnd(hair), smoothstep(0.96, 1.14, side));
  return hair.length > 0 ? long : short;
}

/** A shell over the head from the crown to the edge of the hair: `down` is 0 at the crown, 1 at the edge. */
export function shapeHair(mesh: Mesh, state: FaceState): void {
  const { hair, skin } = state.identity;
  const edges = angles.map((angle) => edgeAt(hair, angle));
  for (let row = 0, i = 0; row < ROWS; row++) {
    const down = row / (ROWS - 1);
    for (let column = 0; column < COLUMNS; column++, i++) {
      const angle = angles[column] as number;
      const y = mix(CROWN, edges[column] as number, down);
      const hanging = hair.length > 0 ? smoothstep(0.3, -0.3, y) : 0;
      const width = Math.max(widthAt(state, y), 0.82 * state.identity.head.width * hanging);
      const x = width * (sines[column] as number);
      const groove = hair.parted * ridge(x - hair.parting, 0.09) * smoothstep(0.5, 0.62, y);
      const thick = thickness(hair, angle, y, down) * (1 - 0.7 * groove);
      mesh.x[i] = (width + thick) * (sines[column] as number);
      mesh.y[i] = y;
      mesh.z[i] =
        (headDepth(Math.max(y, -0.7)) + thick) * (fronts[column] as number) - 0.1 * hanging;
      const combed = x < hair.parting ? -1 : 1;
      const strand = sine(23 * angle + 7 * y * combed + hair.phase) + sine(55 * angle - 9 * y);
      const scalp = 0.6 * groove * ridge(x - hair.parting, 0.05);
      const shaded = hair.albedo * (1 + 0.1 * strand - 0.25 * hanging);
      mesh.albedo[i] = clamp(mix(shaded, skin.albedo, scalp), 0.02, 1);
      mesh.gloss[i] = 0.25;
    }
  }
  setNormals(mesh);
}

function thickness(hair: Hair, angle: number, y: number, down: number): number {
  const side = Math.abs(angle) / (PI / 2);
  const rise = smoothstep(1, 0.72, down);
  const full = hair.volume * mix(1, 0.65, side) * mix(0.35, 1, rise);
  const curls = 0.035 * hair.curl * sine(13 * angle + hair.phase) * sine(15 * y + 2 * hair.phase);
  return Math.max(0.018 + full + curls * mix(0.4, 1, rise) + 0.05 * hair.length * side, 0.012);
}
