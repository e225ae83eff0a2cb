import { OptionError } from '@fastweights/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { glimpseSheet } from '../src/files/index.ts';
import { memoryImages } from '../src/index.ts';

// Patches of one pixel; the mean of each quadrant is a whole number.
const images = memoryImages({
  pixels: Uint8Array.from([
    ...Array(16).fill(0),
    ...[10, 20, 50, 60],
    ...[30, 40, 70, 80],
    ...[90, 100, 130, 140],
    ...[110, 120, 150, 160],
  ]),
  labels: Uint8Array.of(0, 1),
  side: 4,
  classes: ['a', 'b'],
});

type Rgb = readonly [number, number, number];

async function draw(options: Parameters<typeof glimpseSheet>[1]) {
  const { width, height, channels, data } = decode(await glimpseSheet(images, options));
  const at = (x: number, y: number): Rgb =>
    [...data.subarray(3 * (y * width + x)).subarray(0, 3)] as never;
  return { width, height, channels, at };
}

const isGrey = ([red, green, blue]: Rgb): boolean => red === green && green === blue;

/** Greys that go on for 40 pixels and more along a row, and what is to the left of them. */
function runs(row: readonly Rgb[], paper: number) {
  const found: { grey: number; start: number }[] = [];
  for (let start = 0; start < row.length; ) {
    const pixel = row[start] as Rgb;
    let end = start + 1;
    while (end < row.length && String(row[end]) === String(pixel)) end++;
    if (end - start >= 40 && isGrey(pixel) && pixel[0] !== paper)
      found.push({ grey: pixel[0], start });
    start = end;
  }
  return found;
}

const MARGIN = 20;

describe('a sheet of glimpses', () => {
  it('has the image, enlarged, under the way', async () => {
    const { at, channels } = await draw({ example: 1, scale: 100 });
    expect(channels).toBe(3);
    // A quarter into each pixel, beside all borders and lines.
    const greys = [10, 20, 50, 60, 30, 40, 70, 80, 90, 100, 130, 140, 110, 120, 150, 160];
    greys.forEach((grey, i) => {
      const [x, y] = [MARGIN + (i % 4) * 100 + 50, MARGIN + Math.floor(i / 4) * 100 + 25];
      expect(at(x, y), `pixel ${i}`).toEqual([grey, grey, grey]);
    });
  });

  it('has the patches in their order, a row for each quadrant, framed by their roles', async () => {
    const { at, width } = await draw({ example: 1, scale: 100 });
    const paper = at(width - 1, 0)[0];
    const right = MARGIN + 400 + 5;
    // A quadrant from afar, its pixels, and again.
    const rows = [
      [25, 10, 20, 30, 40, 25],
      [65, 50, 60, 70, 80, 65],
      [105, 90, 100, 110, 120, 105],
      [145, 130, 140, 150, 160, 145],
    ];
    rows.forEach((patches, quadrant) => {
      const y = MARGIN + quadrant * 100 + 60;
      const row = Array.from({ length: width - right }, (_, x) => at(right + x, y));
      const found = runs(row, paper);
      expect(found.map(({ grey }) => grey)).toEqual(patches);
      const frames = found.map(({ start }) => {
        const x = right + start - 2;
        return new Set(Array.from({ length: 40 }, (_, i) => String(at(x, y - 20 + i))));
      });
      const [coarse, ...rest] = frames.map((colours) => [...colours].sort().join(' '));
      const [fine, again] = [rest[0], rest[4]];
      expect(rest).toEqual([fine, fine, fine, fine, again]);
      expect(new Set([coarse, fine, again]).size).toBe(3);
      // Dashed: its colour and the paper.
      expect(frames.map((colours) => colours.size)).toEqual([1, 1, 1, 1, 1, 2]);
    });
  });

  it('joins the glimpses by a line, in their order', async () => {
    const { at } = await draw({ example: 0, scale: 100 });
    const bright = (x: number, y: number): boolean => at(MARGIN + x, MARGIN + y)[0] > 200;
    // On a black image: from pixel to pixel of a quadrant, and on to the next quadrant.
    expect(bright(100, 50)).toBe(true);
    expect(bright(100, 150)).toBe(true);
    expect(bright(185, 100)).toBe(true);
    // The way does not go down from the first pixel to the third.
    expect(bright(50, 100)).toBe(false);
  });

  it('takes an image of any size and three levels', async () => {
    const eight = memoryImages({
      pixels: new Uint8Array(64),
      labels: Uint8Array.of(0),
      side: 8,
      classes: ['a'],
    });
    const { width, height } = decode(await glimpseSheet(eight, { levels: 3, scale: 10 }));
    expect(width).toBeGreaterThan(2 * MARGIN + 80);
    expect(height).toBeGreaterThan(2 * MARGIN + 80);
  });

  it('refuses what it cannot draw', async () => {
    await expect(glimpseSheet(images, { example: 2 })).rejects.toThrow(OptionError);
    await expect(glimpseSheet(images, { levels: 3 })).rejects.toThrow(/^side must be divisible/);
    await expect(glimpseSheet(images, { scale: 0 })).rejects.toThrow(OptionError);
    await expect(glimpseSheet(images, { zoom: 2 } as never)).rejects.toThrow(OptionError);
  });
});
