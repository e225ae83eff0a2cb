import type { Random } from '@fastweights/core';
import { clamp, mix, threeQuarterPower } from './exact-math.ts';

/** From light to grey values: lens, tone and grain of a camera. */
export interface Development {
  readonly exposure: number;
  /** Share of each neighbour in the blur, 0 for none. */
  readonly blur: number;
  /** The tone curve between √x, 0, and x^¾, 1. */
  readonly contrast: number;
  /** Standard deviation of the grain, in grey values from 0 to 1. */
  readonly grain: number;
}

/** Cameras make dark skin lighter and light skin darker, but only in part. */
export function exposureOf(skin: number): number {
  return 0.2 + 0.8 * Math.sqrt(0.6 / skin);
}

/** The sum of the four bytes of a random word has this mean, and the reciprocal of this standard deviation. */
const BYTES_MEAN = 510;
const BYTES_SCALE = 1 / 147.801;

/** Pairs of points become one: `from` has twice the width of `into`. */
function halve(from: Float32Array, side: number, into: Float32Array): void {
  const wide = 2 * side;
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const p = 2 * y * wide + 2 * x;
      const above = (from[p] as number) + (from[p + 1] as number);
      const below = (from[p + wide] as number) + (from[p + wide + 1] as number);
      into[i] = (above + below) / 4;
    }
  }
}

/** Blurs along one axis: `stride` between neighbours, `gap` between lines. */
function blurAlong(
  from: Float32Array,
  into: Float32Array,
  side: number,
  blur: number,
  stride: number,
  gap: number,
): void {
  const scale = 1 / (1 + 2 * blur);
  for (let line = 0; line < side; line++) {
    for (let k = 0, i = line * gap; k < side; k++, i += stride) {
      const before = from[k > 0 ? i - stride : i] as number;
      const after = from[k < side - 1 ? i + stride : i] as number;
      into[i] = scale * ((from[i] as number) + blur * (before + after));
    }
  }
}

export function developer(
  side: number,
): (
  light: Float32Array,
  development: Development,
  grain: Random | undefined,
  into: Uint8Array,
) => void {
  const small = new Float32Array(side * side);
  const blurred = new Float32Array(side * side);
  return (light, { exposure, blur, contrast, grain }, random, into) => {
    halve(light, side, small);
    blurAlong(small, blurred, side, blur, 1, side);
    blurAlong(blurred, small, side, blur, side, 1);
    for (let i = 0; i < small.length; i++) {
      const value = Math.max(0, exposure * (small[i] as number));
      const tone = mix(Math.sqrt(value), threeQuarterPower(value), contrast);
      const noise = random ? grain * grainOf(random.next()) : 0;
      into[i] = Math.floor(clamp(255 * (tone + noise) + 0.5, 0, 255));
    }
  };
}

function grainOf(word: number): number {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - BYTES_MEAN) * BYTES_SCALE;
}
