import type { Random } from '@fastweights/core';
import type { Strengths } from './action-units.ts';
import { createBehind, shapeCurtain, shapeNeck } from './behind.ts';
import { type Development, developer } from './develop.ts';
import { faceState } from './face-state.ts';
import { createHair, shapeHair } from './hair.ts';
import { createHead, shapeHead } from './head.ts';
import type { Identity } from './identity.ts';
import { faceLights } from './lights.ts';
import type { Mesh } from './mesh.ts';
import { type Misalignment, type Pose, place, project } from './pose.ts';
import { BACKGROUND, createCanvas, rasterise, turnNormals } from './rasterise.ts';
import { createScene, type Lighting, type Scene, setScene, shade } from './shade.ts';

/** Width and height of a picture. */
export const FACE_SIDE = 48;
/** Rendered at twice the size, for smooth edges. */
const WIDE = 2 * FACE_SIDE;

/** One face at one moment before one camera. */
export interface Shot {
  readonly identity: Identity;
  readonly strengths: Strengths;
  readonly gaze: readonly [x: number, y: number];
  readonly pose: Pose;
  readonly misalignment: Misalignment;
}

export interface FaceRenderer {
  /** Shapes, places and rasterises: most of the work. The scene is overwritten by the next `pose`. */
  pose(shot: Shot): Scene;
  /** The scene by one light, 0 to 19. */
  light(
    scene: Scene,
    light: number,
    lighting: Lighting,
    development: Development,
    grain: Random | undefined,
    into: Uint8Array,
  ): void;
}

/** Holds the memory that rendering needs, so make one and keep it. */
export function faceRenderer(): FaceRenderer {
  const [head, hair, neck, curtain] = [createHead(), createHair(), createBehind(), createBehind()];
  const canvas = createCanvas(WIDE);
  const scene = createScene(canvas);
  const luminance = new Float32Array(WIDE * WIDE);
  const develop = developer(FACE_SIDE);

  return {
    pose({ identity, strengths, gaze, pose, misalignment }) {
      const state = faceState(identity, strengths, gaze);
      const meshes: Mesh[] = [head, hair, neck];
      shapeHead(head, state);
      shapeHair(hair, state);
      shapeNeck(neck, state);
      if (identity.hair.length > 0) {
        shapeCurtain(curtain, state);
        meshes.push(curtain);
      }
      const projection = project(identity, pose, misalignment, WIDE);
      canvas.depth.fill(BACKGROUND);
      for (const mesh of meshes) {
        place(mesh, projection);
        // Long hair hangs free, and is seen from within where it frames the face.
        rasterise(canvas, mesh, mesh === hair && identity.hair.length > 0);
      }
      turnNormals(canvas, projection.axes);
      setScene(scene, pose.camera);
      return scene;
    },
    light(scene, light, lighting, development, grain, into) {
      shade(scene, faceLights[light], lighting, luminance);
      develop(luminance, development, grain, into);
    },
  };
}
