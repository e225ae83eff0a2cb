import { clamp, mix, mound, ridge, smoothstep } from './exact-math.ts';
import type { FaceState, HalfState } from './face-state.ts';
import type { Feature, Point } from './head.ts';
import type { Identity } from './identity.ts';

/** The lids of one eye at a place along it: t runs from −1, the nose, to 1. */
interface Opening {
  readonly upper: number;
  readonly lower: number;
  /** 1 in the middle of the eye, 0 at its corners. */
  readonly middle: number;
}

/** Socket, eyeball, lids, iris, and the creases around them. */
export function eye({ identity, halves, gaze }: FaceState): Feature {
  const { apart, halfWidth, tilt, socket } = identity.eyes;
  return {
    top: 0.4,
    bottom: -0.35,
    apply(point) {
      if (point.across > 0.75) return;
      const half = halves[point.half];
      const { across, y } = point;
      const x = across - apart;
      point.z += 0.055 * mound(x, 0.19, y, 0.15) - 1.2 * socket * mound(x, 0.3, y - 0.02, 0.22);
      const tired = 0.4 + identity.age + half.unit(6) + half.unit(7);
      point.albedo *=
        1 -
        0.16 * mound(across - 0.2, 0.14, y - 0.05, 0.16) -
        0.1 * mound(x, 0.22, y + 0.12, 0.07) * tired;
      const t = x / halfWidth;
      const middle = 1 - t * t;
      if (middle <= 0) return;
      const upper = tilt * t + half.upperLid * Math.sqrt(middle) * (1 - 0.15 * t);
      const opening = { upper, lower: tilt * t - half.lowerLid * middle, middle };
      eyeball(point, opening, identity, gaze);
      lids(point, opening, half, identity);
    },
  };
}

function eyeball(
  point: Point,
  { upper, lower }: Opening,
  { skin, eyes }: Identity,
  gaze: readonly [number, number],
): void {
  const { x, y } = point;
  const inside = smoothstep(-0.008, 0.008, upper - y) * smoothstep(-0.008, 0.008, y - lower);
  if (inside === 0) return;
  const fromX = x - (x < 0 ? -eyes.apart : eyes.apart) - gaze[0];
  const fromY = y - 0.01 - gaze[1];
  const radius = Math.sqrt(fromX * fromX + fromY * fromY);
  const white = 0.4 + 0.42 * skin.albedo;
  const iris = mix(white, 0.9 * eyes.iris, smoothstep(0.09, 0.074, radius));
  const pupil = mix(iris, 0.02, smoothstep(0.042, 0.032, radius));
  point.albedo = mix(point.albedo, pupil * mix(0.62, 1, smoothstep(0, 0.05, upper - y)), inside);
  point.gloss = mix(point.gloss, 0.9, inside);
}

function lids(
  point: Point,
  { upper, lower, middle }: Opening,
  half: HalfState,
  identity: Identity,
): void {
  const { y } = point;
  const lashes = 0.72 * ridge(y - upper, 0.026) * Math.sqrt(middle);
  point.albedo *= 1 - lashes - 0.3 * ridge(y - lower, 0.016) * middle;
  if (half.upperLid > 0) {
    const crease = upper + identity.eyes.fold * (0.5 + 0.5 * middle);
    point.albedo *= 1 - 0.22 * ridge(y - crease, 0.022);
  }
  const tight = half.unit(6) + half.unit(7);
  const creased = 0.2 * identity.age + 0.55 * tight + 0.25 * half.unit(9);
  const bag = clamp(creased, 0, 1.2) * middle * ridge(y - lower + 0.06 + 0.01 * middle, 0.035);
  point.albedo *= 1 - 0.24 * bag;
  point.z += 0.026 * ridge(y - lower + 0.022, 0.032) * middle * tight - 0.02 * bag;
}
