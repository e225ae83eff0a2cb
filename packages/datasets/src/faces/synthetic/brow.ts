import { hill, mix, smoothstep, square } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import type { Feature } from './head.ts';

const HALF_LENGTH = 0.225;

/** The ridge over the eye and the hair on it. */
export function brow({ identity, halves }: FaceState): Feature {
  const { arch, thickness, density } = identity.brows;
  const hair = 0.9 * Math.min(identity.hair.albedo, 0.35);
  return {
    top: 0.66,
    bottom: -0.1,
    apply(point) {
      if (point.across > 0.75) return;
      const half = halves[point.half];
      const t = (point.across - half.browX) / HALF_LENGTH;
      const middle = mix(half.browInner, half.browOuter, (t + 1) / 2) + arch * (1 - t * t);
      const over = point.y - middle;
      point.z += 0.05 * hill(square(over / 0.13) + square(t / 1.5)) * (1 + 0.5 * half.unit(4));
      const thick = thickness * (t < 0 ? 1 : 1 - 0.5 * t);
      const cover =
        density *
        smoothstep(1.3, 0.6, Math.abs(over) / thick) *
        smoothstep(1.12, 0.86, Math.abs(t));
      if (cover === 0) return;
      point.albedo = mix(point.albedo, hair, cover);
      point.gloss *= 1 - cover;
      point.z += 0.012 * cover;
    },
  };
}
