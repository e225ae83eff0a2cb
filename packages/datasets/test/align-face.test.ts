import { describe, expect, it } from 'vitest';
import { applySimilarity, fitSimilarity, oddLandmarks } from '../src/faces/multi-pie/align.ts';
import { alignFace, type GreyImage } from '../src/index.ts';
import { darkestNear, drawFace, type Point } from './multi-pie-tree.ts';

// By eyes at 30 % and 70 % across, 35 % down, and the nose at 50 %, 60 %; a pixel's middle is half a pixel in.
const places48: readonly Point[] = [
  [13.9, 16.3],
  [33.1, 16.3],
  [23.5, 28.3],
];

const [leftEye, rightEye, nose] = places48 as [Point, Point, Point];

function turned(points: readonly Point[], scale: number, angle: number, dx: number, dy: number) {
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return points.map(([x, y]): Point => [cos * x - sin * y + dx, sin * x + cos * y + dy]);
}

const grey = (width: number, height: number, at: (x: number, y: number) => number): GreyImage => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, i) =>
    at(i % width, Math.floor(i / width)),
  ),
});

const landmarksOf = ([leftEye, rightEye, nose]: readonly Point[]) =>
  ({ leftEye, rightEye, nose }) as { leftEye: Point; rightEye: Point; nose: Point };

describe('fitSimilarity', () => {
  const triangle: Point[] = [
    [10, 20],
    [70, 25],
    [38, 61],
  ];

  it('finds the turn, scale and move that was made', () => {
    const fit = fitSimilarity(triangle, turned(triangle, 0.4, 0.3, -7, 11));
    expect(fit.a).toBeCloseTo(0.4 * Math.cos(0.3), 12);
    expect(fit.b).toBeCloseTo(0.4 * Math.sin(0.3), 12);
    expect(fit.c).toBeCloseTo(-7, 10);
    expect(fit.d).toBeCloseTo(11, 10);
  });

  it('has the least squares: whatever is moved a little is worse', () => {
    const target: Point[] = [
      [14, 17],
      [33, 17],
      [27, 28],
    ];
    const fit = fitSimilarity(triangle, target);
    const loss = (other: typeof fit): number =>
      triangle.reduce((sum, point, i) => {
        const [x, y] = applySimilarity(other, point);
        const [u, v] = target[i] as Point;
        return sum + (x - u) ** 2 + (y - v) ** 2;
      }, 0);
    for (const part of ['a', 'b', 'c', 'd'] as const) {
      for (const change of [-1e-3, 1e-3]) {
        expect(loss({ ...fit, [part]: fit[part] + change })).toBeGreaterThan(loss(fit));
      }
    }
  });
});

describe('alignFace', () => {
  it.each([
    [1, 0],
    [3.7, 0],
    [2.5, 0.3],
    [4, -0.5],
    [0.7, 0.1],
  ])(
    'brings eyes and nose to their places from a face %d times as large, turned by %d',
    (scale, angle) => {
      const [width, height] = [320, 240];
      const centre = turned([[24, 24]], scale, angle, 0, 0)[0] as Point;
      const spots = turned(places48, scale, angle, width / 2 - centre[0], height / 2 - centre[1]);
      const drawn = drawFace({
        width,
        height,
        spots: spots as unknown as [Point, Point, Point],
        reach: 1.5 * scale,
      });
      const image = grey(width, height, (x, y) => drawn[y * width + x] as number);
      const aligned = alignFace(image, landmarksOf(spots), 48);
      expect(aligned.length).toBe(48 * 48);
      for (const place of places48) {
        const [x, y] = darkestNear(aligned, 48, place);
        expect(Math.hypot(x - place[0], y - place[1])).toBeLessThan(0.1);
      }
    },
  );

  it('shares what does not fit among the three points, as in a face that looks aside', () => {
    const [width, height] = [320, 240];
    const spots = turned([leftEye, rightEye, [nose[0] + 2, nose[1]]], 3, 0, 80, 40);
    const drawn = drawFace({ width, height, spots: spots as never, reach: 4 });
    const image = grey(width, height, (x, y) => drawn[y * width + x] as number);
    const aligned = alignFace(image, landmarksOf(spots), 48);
    const off = places48.map((place) => {
      const [x, y] = darkestNear(aligned, 48, place);
      return Math.hypot(x - place[0], y - place[1]);
    });
    expect(Math.max(...off.slice(0, 2))).toBeLessThan(1);
    expect(off[2]).toBeGreaterThan(0.5);
    expect(off[2]).toBeLessThan(2);
  });

  it('takes the mean of the area: a fine pattern becomes grey, not a coarse one', () => {
    const chess = grey(256, 256, (x, y) => ((x + y) % 2) * 255);
    const spots = turned(places48, 4, 0, 20, 20);
    const aligned = alignFace(chess, landmarksOf(spots), 48);
    for (const value of aligned) expect(Math.abs(value - 127.5)).toBeLessThan(3);
  });

  it('keeps a slope where it is, and its height', () => {
    const slope = grey(300, 300, (x, y) => (x + y) / 3);
    const spots = turned(places48, 4, 0, 30, 40);
    const aligned = alignFace(slope, landmarksOf(spots), 48);
    for (const [x, y] of [
      [5, 7],
      [24, 24],
      [40, 11],
    ] as const) {
      const expected = (4 * x + 30 + 4 * y + 40) / 3;
      expect(Math.abs((aligned[y * 48 + x] as number) - expected)).toBeLessThanOrEqual(0.51);
    }
  });

  it('repeats the edge of the image outside of it', () => {
    const image = grey(40, 40, () => 90);
    const aligned = alignFace(
      image,
      landmarksOf([
        [10, 12],
        [30, 12],
        [20, 22],
      ]),
      48,
    );
    expect(new Set(aligned)).toEqual(new Set([90]));
  });
});

describe('oddLandmarks', () => {
  const size = { width: 100, height: 80 };
  it.each([
    [[30, 30], [60, 30], [45, 50], undefined],
    [[30, 30], [60, 55], [30, 60], undefined],
    [[-1, 30], [60, 30], [45, 50], /-1, 30 is outside the image of 100 × 80/],
    [[30, 30], [100, 30], [45, 50], /outside/],
    [[30, 30], [60, 30], [45, 80], /outside/],
    [[60, 30], [30, 30], [45, 50], /left eye is not on the left/],
    [[30, 30], [31, 30], [45, 50], /less than two pixels apart/],
    [[30, 50], [60, 50], [45, 20], /nose is above the eyes/],
  ] as [Point, Point, Point, RegExp | undefined][])('%j, %j, %j: %s', (...points) => {
    const [leftEye, rightEye, nose, why] = points;
    const found = oddLandmarks({ leftEye, rightEye, nose }, size);
    if (why) expect(found).toMatch(why);
    else expect(found).toBeUndefined();
  });
});
