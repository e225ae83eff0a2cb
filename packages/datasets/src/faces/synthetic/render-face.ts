import { checkChoice, checkInteger, checkKeys, checkRange } from '@fastweights/core';
import { type MultiPieExpression, multiPieClasses } from '../multi-pie/expressions.ts';
import { type ActionUnit, actionUnits, clearStrengths, givenStrengths } from './action-units.ts';
import { exposureOf } from './develop.ts';
import { FACE_SIDE, type FaceRenderer, faceRenderer } from './face-renderer.ts';
import { identityOf } from './identity.ts';
import { FRONTAL, faceLights } from './lights.ts';
import { aligned } from './pose.ts';

export interface RenderFaceOptions {
  /** Which of the seed's people. Default 0. */
  readonly person?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Default neutral. */
  readonly expression?: MultiPieExpression;
  /** 0 for a face at rest, 1 for the whole expression, up to 1.5. Default 1. */
  readonly strength?: number;
  /** Action units with strengths from 0 to 1, in place of an expression. */
  readonly units?: Readonly<Partial<Record<ActionUnit, number>>>;
  /** Degrees by which the camera sees the face turned to the right of the picture, −40 to 40. Default 0. */
  readonly yaw?: number;
  /** Degrees upwards, −20 to 20. Default 0. */
  readonly pitch?: number;
  /** 0 to 19; 7 is the flash straight ahead, 0 and 19 are without. Default 7. */
  readonly light?: number;
}

let shared: FaceRenderer | undefined;

/** One synthetic face as 48 × 48 grey values: well aligned, without grain, symmetric, and not a picture of any set. */
export function renderFace(options: RenderFaceOptions = {}): Uint8Array {
  checkKeys('renderFace', options, [
    'person',
    'seed',
    'expression',
    'strength',
    'units',
    'yaw',
    'pitch',
    'light',
  ]);
  const { person = 0, seed = 0, expression = 'neutral', strength = 1, units } = options;
  const { yaw = 0, pitch = 0, light = FRONTAL } = options;
  checkInteger('person', person, 0);
  checkChoice('expression', expression, multiPieClasses);
  checkRange('strength', strength, 0, 1.5);
  checkRange('yaw', yaw, -40, 40);
  checkRange('pitch', pitch, -20, 20);
  checkChoice('light', light, [...faceLights.keys()]);
  if (units) checkUnits(units);
  shared ??= faceRenderer();
  const identity = identityOf(seed, person);
  const scene = shared.pose({
    identity,
    strengths: units ? givenStrengths(units) : clearStrengths(expression, strength),
    gaze: [0, 0],
    pose: { camera: yaw, yaw: 0, pitch },
    misalignment: aligned,
  });
  const pixels = new Uint8Array(FACE_SIDE * FACE_SIDE);
  const lighting = { flash: 0.66, room: 0.36, background: 0.35, slope: 0.1, shine: 0.6 };
  const development = {
    exposure: exposureOf(identity.skin.albedo),
    blur: 0.08,
    contrast: 0.5,
    grain: 0,
  };
  shared.light(scene, light, lighting, development, undefined, pixels);
  return pixels;
}

function checkUnits(units: Readonly<Partial<Record<ActionUnit, number>>>): void {
  checkKeys('units', units, actionUnits.map(String));
  for (const [unit, value] of Object.entries(units)) checkRange(`units.${unit}`, value, 0, 1);
}
