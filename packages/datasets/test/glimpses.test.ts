import { integer, OptionError, random, ShapeError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { glimpses } from '../src/index.ts';

// The paper's Figure 3 on 28 × 28 pixels, written by hand: x, y and size of every glimpse.
const places = [
  [0, 0, 14],
  [0, 0, 7],
  [7, 0, 7],
  [0, 7, 7],
  [7, 7, 7],
  [0, 0, 14],
  [14, 0, 14],
  [14, 0, 7],
  [21, 0, 7],
  [14, 7, 7],
  [21, 7, 7],
  [14, 0, 14],
  [0, 14, 14],
  [0, 14, 7],
  [7, 14, 7],
  [0, 21, 7],
  [7, 21, 7],
  [0, 14, 14],
  [14, 14, 14],
  [14, 14, 7],
  [21, 14, 7],
  [14, 21, 7],
  [21, 21, 7],
  [14, 14, 14],
];
const region = ['coarse', 'fine', 'fine', 'fine', 'fine', 'again'];

/** A picture of which every value can be told: 8 a row down, 1 a column to the right, at most 243. */
const ramp = Uint8Array.from({ length: 784 }, (_, i) => 8 * Math.floor(i / 28) + (i % 28));

const noise = (side: number, count: number): Uint8Array => {
  const stream = random(5);
  return Uint8Array.from({ length: count * side ** 2 }, () => integer(stream, 256));
};

/** Step `step` of image `image`, times 255. */
function patchOf(
  patches: Float32Array,
  scheme: ReturnType<typeof glimpses>,
  image: number,
  step: number,
): number[] {
  const area = scheme.patch ** 2;
  const start = (image * scheme.steps + step) * area;
  return Array.from(patches.subarray(start, start + area), (value) => value * 255);
}

const rows = (values: number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) =>
    values.slice(i * width, (i + 1) * width).map((value) => Math.round(value * 1e4) / 1e4),
  );

describe('glimpses of 28 × 28 pixels', () => {
  const scheme = glimpses({ side: 28 });

  it('are 24 patches of 7 × 7, at the places of Figure 3', () => {
    expect([scheme.steps, scheme.patch, scheme.levels, scheme.side]).toEqual([24, 7, 2, 28]);
    expect(scheme.places.map(({ x, y, size }) => [x, y, size])).toEqual(places);
    expect(scheme.roles).toEqual([...region, ...region, ...region, ...region]);
    expect(scheme.places.map(({ role }) => role)).toEqual(scheme.roles);
    expect(scheme.places.slice(6, 12)).toMatchObject([
      { region: [1], level: 1 },
      { region: [1, 0], level: 2 },
      { region: [1, 1], level: 2 },
      { region: [1, 2], level: 2 },
      { region: [1, 3], level: 2 },
      { region: [1], level: 1 },
    ]);
  });

  it('equal a hand-written expectation', () => {
    const patches = scheme.extract(ramp, 1);
    // Upper left, from afar: the mean of 0 1 8 9 is 4.5; two columns on 2 more, two rows down 16.
    expect(rows(patchOf(patches, scheme, 0, 0), 7)).toEqual([
      [4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5],
      [20.5, 22.5, 24.5, 26.5, 28.5, 30.5, 32.5],
      [36.5, 38.5, 40.5, 42.5, 44.5, 46.5, 48.5],
      [52.5, 54.5, 56.5, 58.5, 60.5, 62.5, 64.5],
      [68.5, 70.5, 72.5, 74.5, 76.5, 78.5, 80.5],
      [84.5, 86.5, 88.5, 90.5, 92.5, 94.5, 96.5],
      [100.5, 102.5, 104.5, 106.5, 108.5, 110.5, 112.5],
    ]);
    // The upper right quadrant of that: columns 7 to 13 of rows 0 to 6.
    expect(rows(patchOf(patches, scheme, 0, 2), 7)).toEqual([
      [7, 8, 9, 10, 11, 12, 13],
      [15, 16, 17, 18, 19, 20, 21],
      [23, 24, 25, 26, 27, 28, 29],
      [31, 32, 33, 34, 35, 36, 37],
      [39, 40, 41, 42, 43, 44, 45],
      [47, 48, 49, 50, 51, 52, 53],
      [55, 56, 57, 58, 59, 60, 61],
    ]);
    // The last region begins at 8 · 14 + 14 = 126 and ends at 243; its last block has 234 235 242 243.
    const last = patchOf(patches, scheme, 0, 23);
    expect(last[0]).toBeCloseTo(130.5, 4);
    expect(last[48]).toBeCloseTo(238.5, 4);
    expect(patchOf(patches, scheme, 0, 22)[48]).toBeCloseTo(243, 4);
  });
});

describe.each([
  [28, 2, 24, 7],
  [48, 2, 24, 12],
  [48, 3, 104, 6],
  [8, 3, 104, 1],
  [4, 2, 24, 1],
])('glimpses of %i pixels on %i levels', (side, levels, steps, patch) => {
  const scheme = glimpses({ side, levels });
  const images = noise(side, 2);
  const patches = scheme.extract(images, 2);

  it('are so many of that size, inside the image', () => {
    expect([scheme.steps, scheme.patch, scheme.places.length]).toEqual([steps, patch, steps]);
    for (const { x, y, size, level, region } of scheme.places) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x, y) + size).toBeLessThanOrEqual(side);
      expect([size, region.length]).toEqual([side / 2 ** level, level]);
    }
  });

  it('tile the image exactly by the fine ones', () => {
    for (const image of [0, 1]) {
      const whole = new Float64Array(side ** 2).fill(Number.NaN);
      scheme.places.forEach(({ x, y, role }, step) => {
        if (role !== 'fine') return;
        patchOf(patches, scheme, image, step).forEach((value, i) => {
          const at = (y + Math.floor(i / patch)) * side + x + (i % patch);
          expect(whole[at], 'seen before').toBeNaN();
          whole[at] = Math.round(value * 1e4) / 1e4;
        });
      });
      expect([...whole]).toEqual([...images.subarray(image * side ** 2, (image + 1) * side ** 2)]);
    }
  });

  it('are the means of blocks where they are coarse, and the same again', () => {
    scheme.places.forEach(({ x, y, size, role, region }, step) => {
      if (role !== 'coarse') return;
      const block = size / patch;
      patchOf(patches, scheme, 1, step).forEach((value, i) => {
        const [top, left] = [y + Math.floor(i / patch) * block, x + (i % patch) * block];
        const seen: number[] = [];
        for (let down = 0; down < block; down++) {
          for (let right = 0; right < block; right++) {
            seen.push(images[side ** 2 + (top + down) * side + left + right] as number);
          }
        }
        expect(value).toBeCloseTo(seen.reduce((a, b) => a + b, 0) / block ** 2, 3);
      });
      const again = scheme.places.findIndex(
        (other) => other.role === 'again' && `${other.region}` === `${region}`,
      );
      expect(again).toBeGreaterThan(step);
      expect(patchOf(patches, scheme, 1, again)).toEqual(patchOf(patches, scheme, 1, step));
    });
  });
});

it('goes down into a third level in the place of a quadrant', () => {
  const letters = glimpses({ side: 8, levels: 3 }).roles.map((role) => role[0]);
  expect(letters.join('').match(/.{26}/g)).toEqual(
    Array.from({ length: 4 }, () => `c${'cffffa'.repeat(4)}a`),
  );
});

describe('extract', () => {
  const scheme = glimpses({ side: 4 });

  it('keeps the scale of floats, and gives white bytes as 1', () => {
    const floats = Float32Array.from({ length: 16 }, (_, i) => i - 3.5);
    const patches = scheme.extract(floats, 1);
    expect([...patches.subarray(0, 5)]).toEqual([-1, -3.5, -2.5, 0.5, 1.5]);
    expect([...scheme.extract(new Uint8Array(16).fill(255), 1)]).toEqual(Array(24).fill(1));
  });

  it('writes where it is told to', () => {
    const out = new Float32Array(24);
    expect(scheme.extract(new Uint8Array(16).fill(51), 1, out)).toBe(out);
    expect(out[23]).toBeCloseTo(0.2, 6);
  });

  it('refuses another size', () => {
    expect(() => scheme.extract(new Uint8Array(17), 1)).toThrow(ShapeError);
    expect(() => scheme.extract(new Uint8Array(16), 1, new Float32Array(23))).toThrow(/^out /);
  });
});

it.each([
  [{ side: 30 }, /^side must be divisible by 4 for 2 levels.*30/],
  [{ side: 28, levels: 3 }, /^side must be divisible by 8/],
  [{ side: 28, levels: 1 }, /^levels/],
  [{ side: 0 }, /^side/],
  [{ side: 28, level: 2 } as never, /"level"/],
])('refuses %j', (options, message) => {
  expect(() => glimpses(options)).toThrow(OptionError);
  expect(() => glimpses(options)).toThrow(message);
});
