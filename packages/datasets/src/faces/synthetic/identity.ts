import { integer, type Random, random, splitSeed, uniform } from '@fastweights/core';
import type { ActionUnit } from './action-units.ts';
import { bell, chance, halfBell } from './draws.ts';
import { clamp } from './exact-math.ts';
import { drawHair, type Hair } from './hair-style.ts';

/**
 * What stays the same in all pictures of one person.
 *
 * Lengths are in face units: half the distance of the eyes is 0.36. Albedos run from 0, black, to 1.
 */
export interface Identity {
  readonly male: boolean;
  /** 0, young, to 1. */
  readonly age: number;
  readonly skin: Skin;
  readonly head: HeadProportions;
  readonly eyes: Eyes;
  readonly brows: Brows;
  readonly nose: Nose;
  readonly mouth: Mouth;
  readonly cheeks: number;
  /** Depth of the fold from nose to mouth, at rest. */
  readonly fold: number;
  readonly hair: Hair;
  /** Density of beard and moustache, 0 for none. */
  readonly beard: number;
  readonly moustache: number;
  readonly glasses: Glasses | undefined;
  readonly manner: Manner;
}

interface Skin {
  readonly albedo: number;
  /** Waves of lighter and darker skin, across and upwards: depth and phase. */
  readonly mottle: readonly [across: number, phase: number, upwards: number, phase: number];
}

/** Factors on the mean head. */
interface HeadProportions {
  readonly width: number;
  readonly length: number;
  readonly jaw: number;
  readonly chin: number;
}

interface Eyes {
  /** Half the distance of the eyes. */
  readonly apart: number;
  readonly halfWidth: number;
  readonly upperLid: number;
  readonly lowerLid: number;
  readonly tilt: number;
  readonly socket: number;
  readonly iris: number;
  /** From the lashes to the fold of the upper lid. */
  readonly fold: number;
}

interface Brows {
  readonly height: number;
  readonly inner: number;
  readonly outer: number;
  readonly arch: number;
  readonly thickness: number;
  readonly density: number;
}

/** Factors on the mean nose. */
interface Nose {
  readonly width: number;
  readonly length: number;
  readonly height: number;
}

interface Mouth {
  readonly height: number;
  readonly halfWidth: number;
  readonly upperLip: number;
  readonly lowerLip: number;
  /** Albedo of the lips as a share of the skin's. */
  readonly tint: number;
  readonly corners: number;
  /** How far the lips stand apart at rest. */
  readonly parted: number;
}

export interface Glasses {
  readonly darkness: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** How this person makes faces. */
export interface Manner {
  /** The resting face: units that are there in every picture. */
  readonly rest: Readonly<Partial<Record<ActionUnit, number>>>;
  /** How expressive. */
  readonly gain: number;
  /** How much stronger the right half of the picture is than the left. */
  readonly skew: number;
}

/** Person number `person` of this seed. */
export function identityOf(seed: number, person: number): Identity {
  const draw = random(splitSeed(seed, `person ${person}`));
  const male = chance(draw, 0.6);
  const youth = uniform(draw, 0, 1);
  const age = youth * Math.sqrt(youth);
  const skin = clamp(bell(draw, 0.56, 0.13), 0.24, 0.76);
  return {
    male,
    age,
    skin: { albedo: skin, mottle: mottle(draw) },
    head: head(draw, male),
    eyes: eyes(draw),
    brows: brows(draw, male),
    nose: {
      width: bell(draw, 1, 0.13),
      length: bell(draw, 1, 0.06),
      height: bell(draw, 1, 0.14),
    },
    mouth: mouth(draw),
    cheeks: bell(draw, 0.045, 0.02),
    fold: uniform(draw, 0.02, 0.2) + 0.45 * age,
    hair: drawHair(draw, { male, age, skin }),
    beard: male && chance(draw, 0.28) ? uniform(draw, 0.15, 0.8) : 0,
    moustache: male && chance(draw, 0.22) ? uniform(draw, 0.3, 0.9) : 0,
    glasses: chance(draw, 0.22) ? glasses(draw) : undefined,
    manner: manner(draw),
  };
}

function mottle(draw: Random): Skin['mottle'] {
  const phase = (): number => integer(draw, 6000) / 1000;
  return [bell(draw, 0, 0.04), phase(), bell(draw, 0, 0.04), phase()];
}

function head(draw: Random, male: boolean): HeadProportions {
  return {
    width: bell(draw, 1, 0.05),
    length: bell(draw, 1, 0.045),
    jaw: bell(draw, male ? 1.04 : 0.94, 0.065),
    chin: bell(draw, 1, 0.3),
  };
}

function eyes(draw: Random): Eyes {
  return {
    apart: bell(draw, 0.36, 0.012),
    halfWidth: bell(draw, 0.172, 0.012),
    upperLid: bell(draw, 0.083, 0.01),
    lowerLid: bell(draw, 0.052, 0.006),
    tilt: bell(draw, 0.012, 0.012),
    socket: bell(draw, 0.085, 0.022),
    iris: uniform(draw, 0.06, 0.32),
    fold: uniform(draw, 0.025, 0.06),
  };
}

function brows(draw: Random, male: boolean): Brows {
  return {
    height: bell(draw, 0.225, 0.022),
    inner: bell(draw, -0.012, 0.018),
    outer: bell(draw, -0.01, 0.02),
    arch: bell(draw, 0.032, 0.014),
    thickness: bell(draw, male ? 0.05 : 0.036, 0.007),
    density: uniform(draw, 0.45, 0.95),
  };
}

function mouth(draw: Random): Mouth {
  return {
    height: bell(draw, -0.8, 0.035),
    halfWidth: bell(draw, 0.275, 0.022),
    upperLip: bell(draw, 0.044, 0.011),
    lowerLip: bell(draw, 0.06, 0.013),
    tint: uniform(draw, 0.62, 0.88),
    corners: bell(draw, 0, 0.02),
    parted: Math.max(0, bell(draw, -0.03, 0.06)),
  };
}

function glasses(draw: Random): Glasses {
  return {
    darkness: uniform(draw, 0.4, 0.95),
    halfWidth: uniform(draw, 0.21, 0.26),
    halfHeight: uniform(draw, 0.15, 0.2),
  };
}

function manner(draw: Random): Manner {
  return {
    rest: {
      1: halfBell(draw, 0.15),
      2: halfBell(draw, 0.15),
      4: halfBell(draw, 0.22),
      5: Math.max(0, bell(draw, -0.05, 0.15)),
      7: halfBell(draw, 0.12),
      10: halfBell(draw, 0.12),
      12: halfBell(draw, 0.16),
      15: halfBell(draw, 0.2),
    },
    gain: uniform(draw, 0.8, 1.15),
    skew: bell(draw, 0, 0.1),
  };
}
