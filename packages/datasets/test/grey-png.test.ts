import { deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { PngError, readGreyPng } from '../src/images/grey-png.ts';

const greyOf = (bytes: Uint8Array) => [...readGreyPng(bytes).pixels];

/** A PNG byte by byte, of kinds that the encoder does not make. */
function rawPng(
  [width, height, depth, colour]: readonly [number, number, number, number],
  rows: Uint8Array,
  palette?: Uint8Array,
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, 0], 8);
  const parts = [chunk('IHDR', header)];
  if (palette) parts.push(chunk('PLTE', palette));
  parts.push(chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array()));
  return Buffer.concat([Buffer.of(137, 80, 78, 71, 13, 10, 26, 10), ...parts]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
  }
  return ~value >>> 0;
}

describe('readGreyPng', () => {
  it('reads grey, with and without transparency', () => {
    const size = { width: 2, height: 1, depth: 8 } as const;
    expect(greyOf(encode({ ...size, channels: 1, data: Uint8Array.of(0, 255) }))).toEqual([0, 255]);
    const faint = Uint8Array.of(10, 0, 20, 255);
    expect(greyOf(encode({ ...size, channels: 2, data: faint }))).toEqual([10, 20]);
  });

  it('reads colours as luma: 0.299 R + 0.587 G + 0.114 B', () => {
    const size = { width: 4, height: 1, depth: 8 } as const;
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9);
    const grey = readGreyPng(encode({ ...size, channels: 3, data })).pixels;
    [76.245, 149.685, 29.07, 9].forEach((luma, i) => {
      expect(grey[i]).toBeCloseTo(luma, 4);
    });
    const opaque = Uint8Array.from({ length: 16 }, (_, i) =>
      i % 4 === 3 ? 77 : (data[3 * Math.floor(i / 4) + (i % 4)] as number),
    );
    expect(readGreyPng(encode({ ...size, channels: 4, data: opaque })).pixels).toEqual(grey);
  });

  it('reads 16 bits', () => {
    const data = Uint16Array.of(0, 257 * 100, 65535, 128);
    const grey = greyOf(encode({ width: 2, height: 2, channels: 1, depth: 16, data }));
    expect(grey.slice(0, 3)).toEqual([0, 100, 255]);
    expect(grey[3]).toBeCloseTo(128 / 257, 5);
  });

  it('reads 1, 2 and 4 bits, in rows that end within a byte', () => {
    // Rows begin with their filter, 0.
    expect(greyOf(rawPng([3, 2, 1, 0], Uint8Array.of(0, 0b10100000, 0, 0b01000000)))).toEqual([
      255, 0, 255, 0, 255, 0,
    ]);
    expect(greyOf(rawPng([3, 1, 2, 0], Uint8Array.of(0, 0b00011100)))).toEqual([0, 85, 255]);
    expect(greyOf(rawPng([3, 1, 4, 0], Uint8Array.of(0, 0x0f, 0x10)))).toEqual([0, 255, 17]);
  });

  it('reads palettes', () => {
    const palette = Uint8Array.of(0, 0, 0, 50, 50, 50, 200, 200, 200);
    expect(greyOf(rawPng([3, 1, 8, 3], Uint8Array.of(0, 2, 0, 1), palette))).toEqual([200, 0, 50]);
    expect(greyOf(rawPng([3, 1, 2, 3], Uint8Array.of(0, 0b10000100), palette))).toEqual([
      200, 0, 50,
    ]);
    const beyond = rawPng([3, 1, 8, 3], Uint8Array.of(0, 2, 3, 1), palette);
    expect(() => readGreyPng(beyond)).toThrow(PngError);
  });

  it('reads a part of a larger buffer', () => {
    const png = encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(7) });
    const larger = new Uint8Array(png.length + 20);
    larger.set(png, 13);
    expect(greyOf(larger.subarray(13, 13 + png.length))).toEqual([7]);
  });

  const whole = encode({
    width: 20,
    height: 20,
    channels: 1,
    data: Uint8Array.from({ length: 400 }, (_, i) => (i * i) % 251),
  });

  it('refuses a PNG that is cut anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => readGreyPng(whole.subarray(0, length)), `${length}`).toThrow(PngError);
    }
  });

  it('refuses a PNG with any byte of its pixels changed', () => {
    for (let at = 41; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] as number) ^ 0x55;
      expect(() => readGreyPng(changed), `${at}`).toThrow(PngError);
    }
  });

  it.each([
    ['too few rows', [3, 5, 8, 0], Uint8Array.of(0, 1, 2, 3)],
    ['no pixels', [0, 5, 8, 0], Uint8Array.of()],
    ['more pixels than anybody has', [1 << 20, 1 << 20, 8, 0], Uint8Array.of(0)],
  ] as const)('refuses %s', (_, header, rows) => {
    expect(() => readGreyPng(rawPng(header, rows))).toThrow(PngError);
  });

  it('says what it is about', () => {
    expect(() => readGreyPng(Buffer.from('GIF89a'))).toThrow(/no PNG: it has 6 bytes/);
    expect(() => readGreyPng(whole.subarray(0, 100))).toThrow(/no whole PNG/);
  });
});
