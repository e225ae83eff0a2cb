import { clamp, mix, mound, ridge, sine, smoothstep, threeQuarterPower } from './exact-math.ts';
import type { FaceState, HalfState } from './face-state.ts';
import type { Feature, Point } from './head.ts';

/** Parallel furrows: hollows are darker. */
function furrow(point: Point, depth: number, strength: number, phase: number, shade: number): void {
  const wave = sine(phase);
  point.z += depth * strength * wave;
  point.albedo *= 1 - shade * strength * (1 - wave);
}

/** Lines that units 4, 6, 7 and 9 draw around the eyes and the bridge of the nose. */
export function frown({ identity, halves }: FaceState): Feature {
  const feet = identity.eyes.apart + identity.eyes.halfWidth + 0.09;
  return {
    top: 0.4,
    bottom: -0.3,
    apply(point) {
      const { across, y } = point;
      if (across > 0.75) return;
      const half = halves[point.half];
      if (across > 0.45) {
        const tension = 0.9 * half.unit(6) + 0.6 * half.unit(7) + 0.15 * identity.age;
        const crow = tension * mound(across - feet, 0.11, y, 0.14);
        const slope = y < 0 ? -0.3 : 0.3;
        if (crow > 0) furrow(point, 0.012, crow, 62 * (y - slope * (across - 0.5)), 0.08);
      } else if (across < 0.24) {
        const bridge = half.unit(9) * mound(across, 0.22, y + 0.06, 0.22);
        if (bridge > 0) furrow(point, 0.02, bridge, 56 * (y + 0.25 * across), 0.17);
        const lines = half.unit(4) + 0.5 * half.unit(9);
        const between = lines * ridge(across - 0.055, 0.035) * ridge(y - 0.17, 0.15);
        point.z -= 0.03 * between;
        point.albedo *= 1 - 0.3 * between;
      }
    },
  };
}

/** Lines that raised brows draw across the forehead. */
export function foreheadLines({ identity, halves }: FaceState): Feature {
  return {
    top: 0.8,
    bottom: 0.28,
    apply(point) {
      const { across, y } = point;
      if (across > 0.6) return;
      const half = halves[point.half];
      const inner = half.unit(1);
      const raised = across < 0.3 ? inner : mix(inner, half.unit(2), 0.8);
      const lines = (raised + 0.2 * identity.age) * ridge(across, 0.6) * ridge(y - 0.5, 0.22);
      if (lines > 0) furrow(point, 0.012, lines, 58 * (y - 0.12 * across * across), 0.11);
    },
  };
}

/** The cheek, and the fold from the nose to the corner of the mouth. */
export function cheek({ identity, halves }: FaceState): Feature {
  return {
    top: 0.05,
    bottom: -1.05,
    apply(point) {
      const half = halves[point.half];
      point.z += 1.3 * half.cheek * mound(point.across - 0.43, 0.3, point.y - half.cheekY, 0.26);
      if (point.y < -0.36) foldBeside(point, half, identity.nose.width);
    },
  };
}

function foldBeside(point: Point, half: HalfState, noseWidth: number): void {
  const down = (-0.42 - point.y) / 0.45;
  const way = threeQuarterPower(clamp(down, 0, 1.2));
  const x = mix(0.15 * noseWidth + 0.02, half.cornerX + 0.1, way) + 0.03 * half.unit(9);
  const from = point.across - x;
  const ends = smoothstep(-0.1, 0.15, down) * smoothstep(1.25, 0.8, down);
  const hollow = half.fold * ridge(from, 0.055) * ends;
  point.z -= 0.028 * hollow;
  point.albedo *= 1 - 0.2 * hollow;
  const swelling = smoothstep(0, 0.3, down) * smoothstep(1.2, 0.7, down);
  point.z += 0.025 * half.fold * ridge(from - 0.1, 0.11) * swelling;
}
