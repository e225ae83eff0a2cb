import type { GreyImage } from '../../images/grey-png.ts';
import type { Landmarks } from './landmarks.ts';

/** Where the eyes and the tip of the nose come to lie, in parts of the width and height. */
export const alignedPlaces: Landmarks = {
  leftEye: [0.3, 0.35],
  rightEye: [0.7, 0.35],
  nose: [0.5, 0.6],
};

/** Turns, scales and moves: x ↦ a x − b y + c, y ↦ b x + a y + d. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

type Point = readonly [x: number, y: number];

/** The similarity that brings the points of `from` closest to those of `to`, in the sum of squares. */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [fromX, fromY] = middle(from);
  const [toX, toY] = middle(to);
  let [square, along, across] = [0, 0, 0];
  from.forEach(([x, y], i) => {
    const [u, v] = to[i] as Point;
    const [dx, dy, du, dv] = [x - fromX, y - fromY, u - toX, v - toY];
    square += dx * dx + dy * dy;
    along += dx * du + dy * dv;
    across += dx * dv - dy * du;
  });
  const [a, b] = [along / square, across / square];
  return { a, b, c: toX - a * fromX + b * fromY, d: toY - b * fromX - a * fromY };
}

function middle(points: readonly Point[]): Point {
  const sum = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0);
  return [sum(0) / points.length, sum(1) / points.length];
}

export const applySimilarity = ({ a, b, c, d }: Similarity, [x, y]: Point): Point => [
  a * x - b * y + c,
  b * x + a * y + d,
];

/**
 * Why these landmarks cannot be those of a face in such an image; undefined where they can: inside the image, the left
 * eye on the left, the nose under the eyes.
 */
export function oddLandmarks(
  landmarks: Landmarks,
  { width, height }: Pick<GreyImage, 'width' | 'height'>,
): string | undefined {
  const { leftEye, rightEye, nose } = landmarks;
  for (const [x, y] of [leftEye, rightEye, nose]) {
    if (x < 0 || y < 0 || x > width - 1 || y > height - 1) {
      return `${x}, ${y} is outside the image of ${width} × ${height}`;
    }
  }
  const [dx, dy] = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]];
  if (dx * dx + dy * dy < 4) return 'the eyes are less than two pixels apart';
  if (dx <= 0) return 'the left eye is not on the left';
  const [x, y] = middle([leftEye, rightEye]);
  if (dx * (nose[1] - y) - dy * (nose[0] - x) <= 0) return 'the nose is above the eyes';
  return undefined;
}

/**
 * The face as a square of `side` pixels. Eyes and nose come as close to their places as turning, scaling and moving can
 * bring them; each pixel is the mean of the area that it covers. What lies outside the image repeats its edge.
 */
export function alignFace(image: GreyImage, landmarks: Landmarks, side: number): Uint8Array {
  const points = ({ leftEye, rightEye, nose }: Landmarks): Point[] => [leftEye, rightEye, nose];
  // A pixel is a square: its middle is half a pixel from its edges, in the image as in the result.
  const places = points(alignedPlaces).map(([x, y]): Point => [x * side - 0.5, y * side - 0.5]);
  const fit = fitSimilarity(points(landmarks), places);
  const back = invert(fit);
  const scale = Math.hypot(back.a, back.b);
  const samples = Math.max(1, Math.ceil(scale));
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      pixels[y * side + x] = Math.round(meanAround(image, back, x, y, samples));
    }
  }
  return pixels;
}

function invert({ a, b, c, d }: Similarity): Similarity {
  const square = a * a + b * b;
  const [p, q] = [a / square, -b / square];
  return { a: p, b: q, c: -p * c + q * d, d: -q * c - p * d };
}

/** The mean of `samples`² points spread evenly over a pixel of the result. */
function meanAround(
  image: GreyImage,
  back: Similarity,
  x: number,
  y: number,
  samples: number,
): number {
  let sum = 0;
  for (let j = 0; j < samples; j++) {
    const v = y + (j + 0.5) / samples - 0.5;
    for (let i = 0; i < samples; i++) {
      const u = x + (i + 0.5) / samples - 0.5;
      sum += greyAt(image, back.a * u - back.b * v + back.c, back.b * u + back.a * v + back.d);
    }
  }
  return sum / samples ** 2;
}

/** Bilinear between the middles of pixels. */
function greyAt({ width, height, pixels }: GreyImage, x: number, y: number): number {
  const inX = Math.min(Math.max(x, 0), width - 1);
  const inY = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(inX);
  const top = Math.floor(inY);
  const right = Math.min(left + 1, width - 1);
  const below = Math.min(top + 1, height - 1) * width;
  const row = top * width;
  const upper = mix(pixels[row + left] as number, pixels[row + right] as number, inX - left);
  const lower = mix(pixels[below + left] as number, pixels[below + right] as number, inX - left);
  return mix(upper, lower, inY - top);
}

const mix = (from: number, to: number, part: number): number => from + (to - from) * part;
