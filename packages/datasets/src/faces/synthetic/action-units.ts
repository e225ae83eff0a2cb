import { type Random, uniform } from '@fastweights/core';
import type { MultiPieExpression } from '../multi-pie/expressions.ts';
import { bell, chance } from './draws.ts';
import { clamp, mix } from './exact-math.ts';
import type { Manner } from './identity.ts';

/** Numbers of the Facial Action Coding System (Ekman and Friesen 1978). */
export const actionUnits = [1, 2, 4, 5, 6, 7, 9, 10, 12, 15, 17, 20, 25, 26, 27, 43] as const;

export type ActionUnit = (typeof actionUnits)[number];

/** Strengths from 0 to 1.15, of the left and the right half of the picture. */
export type Strengths = Readonly<Record<ActionUnit, readonly [left: number, right: number]>>;

type Recipe = Readonly<
  Partial<Record<ActionUnit, readonly [least: number, most: number, probability: number]>>
>;

/** Which units an expression is made of, how strong, and how often they take part: the expressions overlap. */
const RECIPES: Readonly<Record<MultiPieExpression, Recipe>> = {
  neutral: {
    1: [0, 0.35, 0.1],
    4: [0, 0.3, 0.15],
    7: [0, 0.3, 0.15],
    12: [0, 0.25, 0.15],
    17: [0, 0.4, 0.15],
    25: [0, 0.3, 0.15],
    43: [0.3, 1, 0.02],
  },
  smile: {
    1: [0, 0.3, 0.15],
    6: [0.15, 1, 0.9],
    7: [0, 0.5, 0.3],
    12: [0.45, 1, 1],
    25: [0.1, 0.9, 0.65],
    26: [0, 0.3, 0.25],
  },
  surprise: {
    1: [0.4, 1, 0.95],
    2: [0.4, 1, 0.95],
    5: [0.3, 1, 0.95],
    12: [0, 0.3, 0.15],
    25: [0.3, 1, 1],
    26: [0.35, 1, 0.95],
  },
  squint: {
    4: [0.2, 1, 0.9],
    6: [0.2, 0.8, 0.7],
    7: [0.95, 1.15, 1],
    10: [0, 0.3, 0.2],
    12: [0, 0.3, 0.2],
    25: [0, 0.25, 0.1],
    43: [0.25, 0.6, 0.8],
  },
  disgust: {
    4: [0.15, 0.9, 0.85],
    6: [0, 0.5, 0.3],
    7: [0.1, 0.8, 0.75],
    9: [0.4, 1, 1],
    10: [0.4, 1, 0.95],
    15: [0, 0.6, 0.4],
    17: [0, 0.7, 0.4],
    25: [0, 0.6, 0.45],
  },
  scream: {
    1: [0, 0.5, 0.3],
    4: [0.1, 1, 0.7],
    7: [0.1, 0.9, 0.75],
    9: [0, 0.6, 0.4],
    10: [0, 0.7, 0.5],
    20: [0.2, 1, 0.9],
    25: [0.5, 1, 1],
    27: [0.35, 1, 1],
    43: [0, 0.8, 0.25],
  },
};

/** Units that the two halves of a face cannot do differently. */
const MIDLINE: readonly ActionUnit[] = [17, 25, 26, 27];
const STRONGEST = 1.15;

function strengths(of: (unit: ActionUnit) => readonly [number, number]): Strengths {
  const limited = (unit: ActionUnit): readonly [number, number] => {
    const [left, right] = of(unit);
    return [clamp(left, 0, STRONGEST), clamp(right, 0, STRONGEST)];
  };
  return Object.fromEntries(actionUnits.map((unit) => [unit, limited(unit)])) as Strengths;
}

/** One person's expression at one moment: recipe × the person's gain × the moment's strength, plus the resting face. */
export function drawStrengths(
  draw: Random,
  expression: MultiPieExpression,
  { rest, gain, skew }: Manner,
): Strengths {
  const recipe = RECIPES[expression];
  const strength = gain * uniform(draw, 0.75, 1.12);
  const tilt = skew + bell(draw, 0, 0.1);
  return strengths((unit) => {
    const [least, most, probability] = recipe[unit] ?? [0, 0, 0];
    const value = chance(draw, probability) ? strength * uniform(draw, least, most) : 0;
    const lean = MIDLINE.includes(unit) ? 0 : tilt + bell(draw, 0, 0.06);
    const atRest = rest[unit] ?? 0;
    return [value * (1 - lean) + atRest, value * (1 + lean) + atRest];
  });
}

/** The expression as a textbook shows it: symmetric, every usual unit well up in its range. */
export function clearStrengths(expression: MultiPieExpression, strength: number): Strengths {
  const recipe = RECIPES[expression];
  return strengths((unit) => {
    const [least, most, probability] = recipe[unit] ?? [0, 0, 0];
    const value = probability > 0.5 ? strength * mix(least, most, 0.75) : 0;
    return [value, value];
  });
}

/** These units on both halves of the face, all others at rest. */
export function givenStrengths(units: Readonly<Partial<Record<ActionUnit, number>>>): Strengths {
  return strengths((unit) => [units[unit] ?? 0, units[unit] ?? 0]);
}
