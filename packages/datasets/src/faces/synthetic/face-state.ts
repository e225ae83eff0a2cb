import type { ActionUnit, Strengths } from './action-units.ts';
import { clamp, mix } from './exact-math.ts';
import type { Identity } from './identity.ts';

/** What the action units have made of one half of a face; lengths in face units, y upwards from the eyes. */
export interface HalfState {
  /** Strength of a unit on this half. */
  readonly unit: (unit: ActionUnit) => number;
  /** Edges of the lids above and below the middle of the eye. */
  readonly upperLid: number;
  readonly lowerLid: number;
  readonly browX: number;
  readonly browInner: number;
  readonly browOuter: number;
  readonly cheekY: number;
  readonly cheek: number;
  readonly fold: number;
  /** How far the wing of the nose is drawn up. */
  readonly nostril: number;
  readonly cornerX: number;
  /** Height of the corner of the mouth over its middle. */
  readonly cornerY: number;
  readonly upperLip: number;
}

export interface FaceState {
  readonly identity: Identity;
  readonly halves: readonly [HalfState, HalfState];
  /** Mean strength of a unit. */
  readonly unit: (unit: ActionUnit) => number;
  readonly gaze: readonly [x: number, y: number];
  readonly mouthY: number;
  /** Between the lips. */
  readonly gap: number;
  /** How far the chin has gone down. */
  readonly jawDrop: number;
  readonly roundness: number;
  readonly upperTeeth: number;
  readonly lowerTeeth: number;
}

export function faceState(
  identity: Identity,
  strengths: Strengths,
  gaze: readonly [number, number],
): FaceState {
  const halves = [halfState(identity, strengths, 0), halfState(identity, strengths, 1)] as const;
  const unit = (number: ActionUnit): number => (strengths[number][0] + strengths[number][1]) / 2;
  const parted = Math.max(unit(25), identity.mouth.parted);
  const gap =
    0.075 * parted * (1 + unit(12)) + 0.22 * unit(26) * (1 - 0.4 * unit(12)) + 0.5 * unit(27);
  const teeth =
    0.035 + 0.05 * unit(12) + 0.06 * unit(10) + 0.05 * unit(27) + 0.03 * (unit(20) - unit(26));
  return {
    identity,
    halves,
    unit,
    gaze,
    mouthY: identity.mouth.height + 0.035 * unit(17) + 0.02 * unit(9),
    gap,
    jawDrop: 0.8 * gap + 0.05 * unit(26) - 0.04 * unit(17),
    roundness: clamp(unit(26) * (1 - unit(12)), 0, 1),
    upperTeeth: clamp(teeth, 0, 0.12),
    lowerTeeth: 0.06 * unit(27) * unit(20),
  };
}

function halfState(identity: Identity, strengths: Strengths, half: 0 | 1): HalfState {
  const unit = (number: ActionUnit): number => strengths[number][half];
  const { eyes, brows, mouth } = identity;
  const brow = brows.height - 0.02 * unit(7);
  const spread = 1 + 0.48 * unit(12) + 0.36 * unit(20) - 0.22 * unit(26) * (1 - unit(12));
  return {
    unit,
    ...lids(identity, unit),
    browX: eyes.apart + 0.015 - 0.035 * unit(4),
    browInner: brow + brows.inner + 0.14 * unit(1) - 0.1 * unit(4) - 0.07 * unit(9),
    browOuter:
      brow + brows.outer + 0.13 * unit(2) + 0.03 * unit(1) - 0.045 * unit(4) - 0.02 * unit(9),
    cheekY: -0.4 + 0.09 * unit(6) + 0.05 * unit(12) + 0.04 * unit(9),
    cheek:
      identity.cheeks + 0.05 * (unit(6) + unit(12)) + 0.02 * (unit(9) - unit(26)) - 0.04 * unit(27),
    fold: clamp(
      0.4 * identity.fold + 0.7 * (unit(12) + unit(10)) + 0.6 * unit(9) + 0.35 * unit(20),
      0,
      1.5,
    ),
    nostril: 0.055 * unit(9) + 0.03 * unit(10),
    cornerX: mouth.halfWidth * (spread - 0.04 * unit(17)),
    cornerY: mouth.corners + 0.17 * unit(12) - 0.075 * unit(15) - 0.03 * unit(20) - 0.02 * unit(10),
    upperLip:
      0.012 * unit(25) +
      0.085 * unit(10) +
      0.045 * unit(9) +
      0.035 * unit(27) +
      0.02 * unit(12) * unit(25),
  };
}

/** Unit 5 lifts the upper lid, 7 tightens both to a slit, 6 pushes the lower one up, 43 lets the upper one fall. */
function lids({ eyes }: Identity, unit: (unit: ActionUnit) => number) {
  const lower = eyes.lowerLid - 0.02 * unit(6) - 0.04 * unit(7) - 0.008 * unit(9) + 0.012 * unit(5);
  const upper =
    eyes.upperLid +
    0.055 * unit(5) -
    0.05 * unit(7) -
    0.012 * (unit(6) + unit(9) + unit(27)) -
    0.014 * unit(4);
  const open = Math.max(upper, 0.016 - lower);
  return {
    lowerLid: Math.max(lower, -0.005),
    upperLid: mix(open, 0.006 - lower, clamp(unit(43), 0, 1)),
  };
}
