import { hill, mound, ridge, smoothstep, square } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import type { Feature } from './head.ts';

/** Bridge, tip, wings and nostrils; units 9 and 10 draw the wings up. */
export function nose({ identity, halves }: FaceState): Feature {
  const { width, length, height } = identity.nose;
  const long = 0.47 * length;
  const tip = 0.05 + 0.21 * height;

  function profile(down: number): number {
    if (down < -0.25 || down > 1.3) return 0;
    if (down > 0.92) return tip * smoothstep(1.28, 0.97, down);
    return 0.05 * smoothstep(-0.25, 0.1, down) + 0.21 * height * smoothstep(0, 0.95, down);
  }

  return {
    top: 0.14,
    bottom: -0.78,
    apply(point) {
      const { across, y } = point;
      if (across > 0.36) return;
      const half = halves[point.half];
      const down = -y / long;
      const base = 1.7 * (0.1 + 0.075 * smoothstep(0.3, 0.95, down)) * width;
      if (across < base) {
        point.z += profile(down) * ridge(across, base);
        point.gloss += 0.4 * ridge(across, 0.12) * smoothstep(0.4, 0.9, down);
      }
      const wingY = -long - 0.04 + half.nostril;
      const wingX = 0.125 * width * (1 + 0.12 * half.unit(9));
      point.z += 0.1 * mound(across - wingX, 0.085, y - wingY, 0.085);
      const hole = square((across - 0.07 * width) / 0.055) + square((y - wingY + 0.075) / 0.034);
      if (hole < 1) point.albedo *= 1 - 0.7 * Math.sqrt(hill(hole));
    },
  };
}
