import { clamp, mix, mound, ridge, smoothstep, square } from './exact-math.ts';
import type { FaceState } from './face-state.ts';
import type { Feature, Point } from './head.ts';

/** The lips of a mouth at one x; heights of their inner edges and their thickness. */
interface Lips {
  readonly upper: number;
  readonly lower: number;
  readonly upperThickness: number;
  readonly lowerThickness: number;
  /** |x| as a share of the half width. */
  readonly along: number;
  /** 1 in the middle of the mouth, 0 at its corners: as a parabola, and as a circle. */
  readonly parabola: number;
  readonly circle: number;
}

const TOP = -0.5;
const BOTTOM = -1.75;

/** The edges of the lips, or nothing beyond the corners of the mouth. */
function lipsAt(state: FaceState, point: Point): Lips | undefined {
  const half = state.halves[point.half];
  const along = point.across / half.cornerX;
  const parabola = 1 - along * along;
  if (parabola <= 0) return undefined;
  const { mouthY, gap, roundness, halves, unit } = state;
  const { mouth } = state.identity;
  const circle = Math.sqrt(parabola);
  const bend = mouthY + (half.cornerY - 0.3 * gap) * along * along;
  const centre = (halves[0].upperLip + halves[1].upperLip) / 2;
  const lift = mix(centre, half.upperLip, clamp(4 * along, 0, 1));
  const thin = 0.2 * unit(20);
  const bow = 1 - 0.22 * ridge(point.x, 0.06);
  return {
    along,
    parabola,
    circle,
    upper: bend + 0.012 * roundness + lift * Math.max(parabola, 0.6 * circle),
    lower: bend - gap * mix(parabola, circle, 0.3 + 0.7 * roundness),
    upperThickness: mouth.upperLip * (1 + 0.25 * (roundness - unit(12)) - thin) * circle * bow,
    lowerThickness:
      mouth.lowerLip * (1 + 0.2 * (roundness - unit(12)) - thin + 0.25 * unit(17)) * circle,
  };
}

/** The part of the face that the mouth stands on, and the chin, which follows the jaw. */
export function chin(state: FaceState): Feature {
  const { head } = state.identity;
  const { mouthY, gap, jawDrop, unit } = state;
  const chinY = -1.15 * head.length - jawDrop;
  return {
    top: TOP,
    bottom: BOTTOM,
    apply(point) {
      const { x, y } = point;
      point.z += 0.06 * mound(x, 0.42, y - mouthY + 0.4 * gap, 0.28 + 0.5 * gap);
      point.z += (0.05 * head.chin + 0.03 * unit(17)) * mound(x, 0.24, y - chinY, 0.17);
    },
  };
}

/** The lips, the line between them, the corners and the hollow under them. */
export function lips(state: FaceState): Feature {
  const { identity, halves, mouthY, gap } = state;
  return {
    top: TOP,
    bottom: BOTTOM,
    apply(point) {
      if (point.across > 0.62) return;
      const half = halves[point.half];
      const edges = lipsAt(state, point);
      if (edges) paintLips(point, edges, identity.mouth.tint);
      const cornerY = point.y - mouthY - half.cornerY + 0.3 * gap;
      const corner = mound(point.across - half.cornerX, 0.05, cornerY, 0.05);
      point.albedo *= 1 - 0.34 * corner;
      point.z -= 0.02 * corner;
    },
  };
}

function paintLips(point: Point, edges: Lips, tint: number): void {
  const { y } = point;
  const { upper, lower, upperThickness, lowerThickness, parabola, circle } = edges;
  const top = upper + upperThickness;
  const bottom = lower - lowerThickness;
  const cover = smoothstep(-0.012, 0.012, top - y) * smoothstep(-0.012, 0.012, y - bottom);
  point.albedo *= mix(1, tint, cover);
  point.gloss = mix(point.gloss, 0.8, 0.7 * cover);
  point.z +=
    0.05 * ridge(y - upper - upperThickness / 2, upperThickness + 0.03) * circle +
    0.055 * ridge(y - lower + lowerThickness / 2, lowerThickness + 0.03) * circle;
  const closed = 1 - openness(edges, y);
  const line = ridge(y - (upper + lower) / 2, 0.024) * smoothstep(0, 0.3, parabola) * closed;
  const under = y - bottom + 0.05;
  point.albedo *= (1 - 0.55 * line) * (1 - 0.13 * ridge(under, 0.05) * parabola);
  point.z -= 0.022 * ridge(under, 0.06) * parabola;
}

/** Whether a height is between the lips, from 0 to 1. */
function openness({ upper, lower }: Lips, y: number): number {
  const between = smoothstep(-0.01, 0.01, upper - y) * smoothstep(-0.01, 0.01, y - lower);
  return between * clamp((upper - lower) / 0.02, 0, 1);
}

/** What is seen between the lips: teeth, tongue and throat. */
export function mouthInside(state: FaceState): Feature {
  const { identity, unit, upperTeeth, lowerTeeth } = state;
  const tongue = 0.09 * (unit(27) + 0.4 * unit(26));
  const enamel = 0.42 + 0.34 * identity.skin.albedo;
  return {
    top: TOP,
    bottom: BOTTOM,
    apply(point) {
      if (point.across > 0.62) return;
      const edges = lipsAt(state, point);
      if (!edges) return;
      const { y } = point;
      const { upper, lower, along, parabola } = edges;
      const open = openness(edges, y);
      if (open === 0) return;
      const throat = 0.035 + tongue * smoothstep(0.35, 0.95, (upper - y) / (upper - lower + 1e-3));
      const above = smoothstep(upperTeeth + 0.01, upperTeeth - 0.01, upper - y - 0.006);
      const below = smoothstep(lowerTeeth + 0.008, lowerTeeth - 0.012, y - lower - 0.004);
      const bite =
        upperTeeth > 0.015 ? Math.max(above, below) * smoothstep(0.02, 0.2, parabola) : 0;
      const inside = mix(throat, enamel * (1 - 0.45 * square(along)), bite);
      point.albedo = mix(point.albedo, inside, open);
      point.gloss *= 1 - 0.7 * open;
      point.z -= 0.07 * open;
    },
  };
}
