import { OptionError } from '@fastweights/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { contactSheet } from '../src/files/index.ts';
import { memoryImages } from '../src/index.ts';

// Three images of 2 × 2.
const images = memoryImages({
  pixels: Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120),
  labels: Uint8Array.of(0, 1, 0),
  side: 2,
  classes: ['a', 'b'],
});

async function sheet(options: Parameters<typeof contactSheet>[1]) {
  const { width, height, channels, data } = decode(await contactSheet(images, options));
  return { width, height, channels, at: (x: number, y: number) => data[y * width + x] };
}

describe('a contact sheet', () => {
  it('is a grey PNG with the images row by row, enlarged, between lines', async () => {
    const { width, height, channels, at } = await sheet({ rows: 2, columns: 2, scale: 2 });
    // A line of 3 before, between and after images of 4.
    expect([width, height, channels]).toEqual([17, 17, 1]);
    expect([at(3, 3), at(4, 4), at(5, 3), at(3, 5), at(6, 6)]).toEqual([10, 10, 20, 30, 40]);
    expect([at(10, 3), at(13, 6)]).toEqual([50, 80]);
    expect([at(3, 10), at(6, 13)]).toEqual([90, 120]);
    const paper = at(0, 0);
    expect([at(8, 3), at(3, 8), at(16, 16), at(12, 12)]).toEqual([paper, paper, paper, paper]);
  });

  it('shows the images that are asked for', async () => {
    const indices = Uint32Array.of(2, 0);
    const { width, height, at } = await sheet({ rows: 1, columns: 2, indices, scale: 1 });
    expect([width, height]).toEqual([13, 8]);
    expect([at(3, 3), at(8, 3)]).toEqual([90, 10]);
  });

  it('refuses more images than it has places, and sizes that are none', async () => {
    const indices = Uint32Array.of(0, 1, 2);
    await expect(sheet({ rows: 1, columns: 2, indices })).rejects.toThrow(
      'indices must be at most 2 indices for 1 × 2 places, but it is 3.',
    );
    await expect(sheet({ rows: 0, columns: 2 })).rejects.toThrow(OptionError);
    await expect(sheet({ rows: 1, columns: 2, scale: 0.5 })).rejects.toThrow(OptionError);
    await expect(sheet({ rows: 1, columns: 2, zoom: 2 } as never)).rejects.toThrow(OptionError);
  });
});
