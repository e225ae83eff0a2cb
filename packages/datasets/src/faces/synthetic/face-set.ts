import {
  checkInteger,
  OptionError,
  type Random,
  random,
  splitSeed,
  uniform,
} from '@fastweights/core';
import type { ImageSet } from '../../images/image-set.ts';
import { type MultiPieExpression, multiPieClasses } from '../multi-pie/expressions.ts';
import { drawStrengths } from './action-units.ts';
import { type Development, exposureOf } from './develop.ts';
import { bell } from './draws.ts';
import { FACE_SIDE, type FaceRenderer, faceRenderer, type Shot } from './face-renderer.ts';
import { type Identity, identityOf } from './identity.ts';
import { faceLights } from './lights.ts';
import type { Take } from './sessions.ts';
import type { Lighting, Scene } from './shade.ts';

/** What is true of one image besides its pixels. */
export interface FaceFacts {
  readonly identity: number;
  readonly expression: MultiPieExpression;
  readonly session: number;
  readonly recording: number;
  /** The camera's angle in degrees, −15, 0 or 15; where it is positive, the face looks to the right of the picture. */
  readonly yaw: number;
  /** 0 … 19 */
  readonly light: number;
}

/** Everything the images follow from: equal recipes, equal images. */
export interface FaceRecipe {
  readonly generator: string;
  readonly seed: number;
  readonly identities: readonly number[];
}

export interface FaceSet extends ImageSet {
  /** Renders; fastest where the images of a scene, twenty neighbours, come in one call. */
  read(indices: Uint32Array): Uint8Array;
  describe(index: number): FaceFacts;
  readonly recipe: FaceRecipe;
}

/** Changes whenever the same seed would give other pixels. */
const GENERATOR = 'fastweights synthetic faces 1';
const CAMERAS: readonly number[] = [-15, 0, 15];
const LIGHTS = faceLights.length;
const PIXELS = FACE_SIDE * FACE_SIDE;

/** A scene and how its camera was set. */
interface PosedScene {
  readonly name: string;
  readonly scene: Scene;
  readonly lighting: Lighting;
  readonly development: Development;
}

/** All images of some takes: by take, then camera, then light, so that neighbours share a posed scene. */
export function faceSet(
  seed: number,
  takes: readonly Take[],
  identities: readonly number[],
): FaceSet {
  const size = takes.length * CAMERAS.length * LIGHTS;
  const people = new Map<number, Identity>();
  let renderer: FaceRenderer | undefined;
  // The last scene: what is read next is often another light of it.
  let posed: PosedScene | undefined;

  function personOf(number: number): Identity {
    const identity = people.get(number) ?? identityOf(seed, number);
    people.set(number, identity);
    return identity;
  }

  function describe(index: number): FaceFacts {
    checkInteger('index', index, 0);
    if (index >= size) throw new OptionError('index', `less than ${size}`, `${index}`);
    const scene = Math.floor(index / LIGHTS);
    const take = takes[Math.floor(scene / CAMERAS.length)] as Take;
    const { person, ...rest } = take;
    const yaw = CAMERAS[scene % CAMERAS.length] as number;
    return { identity: person, ...rest, yaw, light: index % LIGHTS };
  }

  function sceneOf(facts: FaceFacts, renderer: FaceRenderer): PosedScene {
    const { identity, session, recording, yaw } = facts;
    const name = `${identity}/${session}/${recording}/${yaw}`;
    if (posed?.name !== name) {
      const draw = random(splitSeed(seed, `scene ${name}`));
      posed = { name, ...pose(renderer, personOf(identity), facts, draw) };
    }
    return posed;
  }

  return {
    size,
    side: FACE_SIDE,
    classes: multiPieClasses,
    labels: labelsOf(takes),
    describe,
    recipe: { generator: GENERATOR, seed, identities },
    read(indices) {
      const pixels = new Uint8Array(indices.length * PIXELS);
      renderer ??= faceRenderer();
      for (const place of byIndex(indices)) {
        const facts = describe(indices[place] as number);
        const { name, scene, lighting, development } = sceneOf(facts, renderer);
        const grain = random(splitSeed(seed, `image ${name}/${facts.light}`));
        const into = pixels.subarray(place * PIXELS, (place + 1) * PIXELS);
        renderer.light(scene, facts.light, lighting, development, grain, into);
      }
      return pixels;
    },
  };
}

function labelsOf(takes: readonly Take[]): Uint8Array {
  const images = CAMERAS.length * LIGHTS;
  const labels = new Uint8Array(takes.length * images);
  takes.forEach(({ expression }, take) => {
    labels.fill(multiPieClasses.indexOf(expression), take * images, (take + 1) * images);
  });
  return labels;
}

/** Places of the indices by rising index: images of one scene come together. */
function byIndex(indices: Uint32Array): Uint32Array {
  return Uint32Array.from(indices.keys()).sort(
    (a, b) => (indices[a] as number) - (indices[b] as number),
  );
}

function pose(
  renderer: FaceRenderer,
  identity: Identity,
  { expression, yaw }: { readonly expression: MultiPieExpression; readonly yaw: number },
  draw: Random,
): Omit<PosedScene, 'name'> {
  const shot: Shot = {
    identity,
    strengths: drawStrengths(draw, expression, identity.manner),
    gaze: [bell(draw, 0, 0.012), bell(draw, 0, 0.006)],
    pose: { camera: yaw, yaw: bell(draw, 0, 2), pitch: bell(draw, 0, 3) },
    misalignment: {
      x: bell(draw, 0, 1.3),
      y: bell(draw, 0, 1.3),
      roll: bell(draw, 0, 0.05),
      scale: bell(draw, 1, 0.045),
    },
  };
  return {
    scene: renderer.pose(shot),
    lighting: drawLighting(draw),
    development: {
      exposure: exposureOf(identity.skin.albedo),
      blur: uniform(draw, 0, 0.35),
      contrast: uniform(draw, 0, 1),
      grain: uniform(draw, 0.004, 0.018),
    },
  };
}

function drawLighting(draw: Random): Lighting {
  return {
    flash: uniform(draw, 0.6, 0.84),
    room: uniform(draw, 0.3, 0.46),
    background: uniform(draw, 0.2, 0.5),
    slope: bell(draw, 0, 0.15),
    shine: uniform(draw, 0.2, 1),
  };
}
