import { OptionError } from '@fastweights/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { classSheet } from '../src/files/index.ts';
import { memoryImages } from '../src/index.ts';

// Images of one pixel: three of class a, one of class c, none of class b.
const images = memoryImages({
  pixels: Uint8Array.of(100, 101, 200, 102),
  labels: Uint8Array.of(0, 0, 2, 0),
  side: 1,
  classes: ['a', 'b', 'c'],
});

/** The greys in the places of a sheet, row by row: the middles of places that are 4 + 3 apart. */
async function places(options: Parameters<typeof classSheet>[1]): Promise<number[][]> {
  const { width, height, data } = decode(await classSheet(images, { ...options, scale: 4 }));
  const at = (pixels: number): number[] =>
    Array.from({ length: (pixels - 3) / 7 }, (_, i) => 3 + 7 * i + 2);
  return at(height).map((y) => at(width).map((x) => data[y * width + x] as number));
}

describe('a sheet of the classes', () => {
  it('has a row for each class, and leaves empty what there is not', async () => {
    const [a = [], b = [], c = []] = await places({ columns: 3 });
    expect(a).toEqual([100, 101, 102]);
    expect(new Set(b).size).toBe(1);
    expect(c).toEqual([200, b[0], b[0]]);
  });

  it('draws other images with another seed, the same with the same', async () => {
    const draw = async (seed: number) => (await places({ columns: 1, seed }))[0]?.[0];
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const drawn = await Promise.all(seeds.map(draw));
    expect(new Set(drawn)).toEqual(new Set([100, 101, 102]));
    expect(await Promise.all(seeds.map(draw))).toEqual(drawn);
  });

  it('makes an image about 84 pixels wide', async () => {
    const { width, height } = decode(await classSheet(images, { columns: 2 }));
    expect([width, height]).toEqual([3 + 2 * (84 + 3), 3 + 3 * (84 + 3)]);
  });

  it('refuses options that are none', () => {
    expect(() => classSheet(images, { columns: 0 })).toThrow(OptionError);
    expect(() => classSheet(images, { rows: 2 } as never)).toThrow(OptionError);
  });
});
