import { mix, ridge, smoothstep, square } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import type { Feature } from './head.ts';
import type { Glasses, Identity } from './identity.ts';

/** Grows where it grew at rest, so it moves with the jaw; dark points are the mouth's and keep free. */
export function beard({ beard, hair }: Identity): Feature {
  const colour = 1.1 * hair.albedo + 0.04;
  return {
    top: -0.42,
    bottom: -2,
    apply(point) {
      const { restY, across } = point;
      if (point.albedo < 0.12) return;
      const cheeks =
        smoothstep(0.5, 0.66, across + 0.25 * smoothstep(-0.7, -1, restY)) *
        smoothstep(-0.42, -0.6, restY);
      const cover = Math.max(cheeks, smoothstep(-0.95, -1.05, restY));
      point.albedo = mix(point.albedo, colour, 0.8 * beard * cover);
    },
  };
}

export function moustache({ identity, mouthY, halves }: FaceState): Feature {
  const { moustache, mouth, hair } = identity;
  return {
    top: mouthY + 0.24,
    bottom: mouthY + 0.8 * mouth.upperLip + halves[0].upperLip,
    apply(point) {
      if (point.across > 0.3) return;
      const cover =
        smoothstep(0.3, 0.24, point.across) * smoothstep(mouthY + 0.22, mouthY + 0.17, point.y);
      point.albedo = mix(point.albedo, hair.albedo, 0.8 * moustache * cover);
    },
  };
}

export function glasses({ eyes }: Identity, frame: Glasses): Feature {
  const { darkness, halfWidth, halfHeight } = frame;
  return {
    top: 0.3,
    bottom: -0.3,
    apply(point) {
      if (point.across > 0.8) return;
      const u = Math.abs(point.across - eyes.apart) / halfWidth;
      const v = Math.abs(point.y + 0.02) / halfHeight;
      const rim = ridge(u * square(u) + v * square(v) - 1, 0.34);
      const bar = u > 1 ? 0.8 * smoothstep(0.03, 0.015, Math.abs(point.y - 0.04)) : 0;
      point.albedo = mix(point.albedo, 0.08, darkness * Math.max(rim, bar));
    },
  };
}
