import { cosine, radians, sine } from './exact-math.ts';
import type { Vector } from './pose.ts';

function direction(azimuth: number, elevation: number): Vector {
  const [a, e] = [radians(azimuth), radians(elevation)];
  return [sine(a) * cosine(e), sine(e), cosine(a) * cosine(e)];
}

/** The ceiling's lamps, which are always on. */
export const roomLight: Vector = direction(-10, 62);

/**
 * As in Multi-PIE twenty, fixed to the room: 0 and 19 without flash; 1 to 13 from the left of the picture to its right at
 * the height of the face; 14 to 18 from above.
 */
export const faceLights: readonly (Vector | undefined)[] = [
  undefined,
  ...[-84, -70, -56, -42, -28, -14, 0, 14, 28, 42, 56, 70, 84].map((azimuth) =>
    direction(azimuth, 8),
  ),
  ...[-50, -25, 0, 25, 50].map((azimuth) => direction(azimuth, 38)),
  undefined,
];

/** The flash straight ahead. */
export const FRONTAL = 7;
