import { type Random, uniform } from '@fastweights/core';
import { bell, chance } from './draws.ts';
import { clamp } from './exact-math.ts';

/** Where the hair's shell begins, above all pictures. */
export const CROWN = 1.2;

export interface Hair {
  readonly albedo: number;
  /** Height of the hairline in the middle of the forehead; on a bald head, the crown. */
  readonly line: number;
  /** How far the hairline recedes at the temples. */
  readonly recession: number;
  /** How far the hair stands off the head. */
  readonly volume: number;
  /** 0, cropped above the ears, to 1, down to the shoulders. */
  readonly length: number;
  /** How far strands hang over the forehead. */
  readonly fringe: number;
  /** Where the parting is, to the right of the middle. */
  readonly parting: number;
  /** Depth of the parting; 0 for hair combed back. */
  readonly parted: number;
  /** Roughness of the outline. */
  readonly curl: number;
  /** Phase of the strands. */
  readonly phase: number;
}

/** Hair of a head: bald, cropped, short with a parting, with a fringe, tied back, or long. */
export function drawHair(
  draw: Random,
  { male, age, skin }: { readonly male: boolean; readonly age: number; readonly skin: number },
): Hair {
  const fair = chance(draw, 0.22);
  const colour = fair ? uniform(draw, 0.18, 0.42) : uniform(draw, 0.04, 0.16);
  const grey = age > 0.8 ? uniform(draw, 0.1, 0.35) : 0;
  const bald = male && chance(draw, 0.05 + 0.2 * age);
  const long = !male && chance(draw, 0.65) ? uniform(draw, 0.55, 1) : 0;
  const fringed = chance(draw, male ? 0.2 : 0.3);
  return {
    albedo: clamp(colour + grey, 0.04, 0.85 * skin + 0.05),
    line: bald ? CROWN : bell(draw, 0.7 + (male ? 0.08 * age : 0), 0.05),
    recession: male ? uniform(draw, 0, 0.12 + 0.25 * age) : uniform(draw, 0, 0.06),
    volume: male ? uniform(draw, 0.03, 0.22) : uniform(draw, 0.06, 0.28),
    length: long,
    fringe: fringed ? uniform(draw, 0.12, 0.34) : 0,
    parting: chance(draw, 0.3)
      ? bell(draw, 0, 0.03)
      : bell(draw, chance(draw, 0.5) ? 0.3 : -0.3, 0.06),
    parted: chance(draw, 0.65) ? uniform(draw, 0.4, 1) : 0,
    curl: chance(draw, 0.25) ? uniform(draw, 0.3, 1) : 0,
    phase: uniform(draw, 0, 6),
  };
}
