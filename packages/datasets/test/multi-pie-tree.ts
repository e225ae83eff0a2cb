import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import type { MultiPieShot } from '../src/index.ts';

export type Point = readonly [x: number, y: number];

/** A face that is nothing but two eyes and a nose: dark spots, whose middles are known to fractions of a pixel. */
export interface DrawnFace {
  readonly width: number;
  readonly height: number;
  readonly spots: readonly [leftEye: Point, rightEye: Point, nose: Point];
  /** How far the spots reach, in pixels. */
  readonly reach: number;
}

const BACKGROUND = 200;

export function drawFace({ width, height, spots, reach }: DrawnFace): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let grey = BACKGROUND;
      for (const [spotX, spotY] of spots) {
        const distance = (x - spotX) ** 2 + (y - spotY) ** 2;
        grey -= 180 * Math.exp(-distance / (2 * reach ** 2));
      }
      pixels[y * width + x] = Math.max(0, Math.round(grey));
    }
  }
  return pixels;
}

/** The middle of what is dark within a few pixels of a place. */
export function darkestNear(pixels: ArrayLike<number>, side: number, [x, y]: Point): Point {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let v = Math.round(y) - 4; v <= Math.round(y) + 4; v++) {
    for (let u = Math.round(x) - 4; u <= Math.round(x) + 4; u++) {
      const darkness = Math.max(0, BACKGROUND - 10 - (pixels[v * side + u] as number));
      sum += darkness;
      sumX += darkness * u;
      sumY += darkness * v;
    }
  }
  return [sumX / sum, sumY / sum];
}

/** The layout of the real data, spelled out by hand. */
export function placeOf(shot: MultiPieShot): string {
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  const subject = `00${shot.subject}`.slice(-3);
  const camera = shot.camera.replace('_', '');
  const folder = `data/session${two(shot.session)}/multiview/${subject}/${two(shot.recording)}/${shot.camera}`;
  return `${folder}/${subject}_${two(shot.session)}_${two(shot.recording)}_${camera}_${two(shot.illumination)}.png`;
}

export const HEADER =
  'subject,session,recording,camera,illumination,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y';

export const landmarksRow = (shot: MultiPieShot, spots: readonly Point[]): string =>
  [
    shot.subject,
    shot.session,
    shot.recording,
    shot.camera,
    shot.illumination,
    ...spots.flat(),
  ].join(',');

/** A face of its own for each shot: where it is, how large and how tilted. */
export function faceOf(shot: MultiPieShot): DrawnFace {
  const { subject, session, recording, illumination } = shot;
  const [width, height] = [96, 72];
  const apart = 26 + (subject % 5);
  const tilt = ((session + recording + illumination) % 7) * 0.05 - 0.15;
  const [middleX, middleY] = [48 + (subject % 3), 30 + (illumination % 4)];
  const at = (along: number, down: number): Point => [
    middleX + apart * (along * Math.cos(tilt) - down * Math.sin(tilt)),
    middleY + apart * (along * Math.sin(tilt) + down * Math.cos(tilt)),
  ];
  return { width, height, spots: [at(-0.5, 0), at(0.5, 0), at(0, 0.625)], reach: 2.5 };
}

export async function writeFileAt(root: string, name: string, data: Uint8Array | string) {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, data);
}

export const facePng = (shot: MultiPieShot): Uint8Array => {
  const face = faceOf(shot);
  const { width, height } = face;
  return encode({ width, height, channels: 1, depth: 8, data: drawFace(face) });
};

/** Real PNG files in the real layout, and their landmarks in `<root>.csv`. */
export async function writeMultiPieTree(
  root: string,
  shots: readonly MultiPieShot[],
): Promise<void> {
  for (const shot of shots) await writeFileAt(root, placeOf(shot), facePng(shot));
  const rows = shots.map((shot) => landmarksRow(shot, faceOf(shot).spots));
  await writeFile(`${root}.csv`, `${[HEADER, ...rows].join('\n')}\n`);
}

/** One shot of each expression by each camera, for each of these subjects. */
export const shotsOf = (
  subjects: readonly number[],
  { cameras = ['05_1'], illuminations = [7] } = {},
): MultiPieShot[] =>
  subjects.flatMap((subject) =>
    RECORDINGS.flatMap(([session, recording]) =>
      cameras.flatMap((camera) =>
        illuminations.map((illumination) => ({
          subject,
          session,
          recording,
          camera,
          illumination,
        })),
      ),
    ),
  );

/** Neutral, smile, surprise, squint, disgust, scream. */
const RECORDINGS = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [4, 3],
] as const;
