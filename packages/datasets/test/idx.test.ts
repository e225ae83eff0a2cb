import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip, IdxError, type IdxFault, idxImages, readIdx } from '../src/index.ts';
import { idxBytes } from './idx-bytes.ts';

const digits = [...'0123456789'];
const labels = (...values: number[]) => readIdx(idxBytes([values.length], values), 'labels.idx');
const images = (...shape: number[]) =>
  readIdx(
    idxBytes(
      shape,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    ),
    'images.idx',
  );

function faultOf(run: () => unknown): { fault: IdxFault; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof IdxError) return { fault: error.fault, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readIdx', () => {
  it('reads dimensions in big-endian order, and the numbers after them', () => {
    // The bytes as the format is described: 00 00, 08 for unsigned bytes, 2 dimensions; 2 and 258.
    const header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 1, 2];
    const values = Uint8Array.from({ length: 516 }, (_, i) => i % 251);
    const { shape, values: read } = readIdx(Uint8Array.of(...header, ...values));
    expect(shape).toEqual([2, 258]);
    expect(read).toEqual(values);
  });

  it('reads from the middle of a buffer', () => {
    const bytes = Uint8Array.of(9, 9, 9, ...idxBytes([2], [7, 8]));
    expect([...readIdx(bytes.subarray(3)).values]).toEqual([7, 8]);
  });

  it.each<[string, number[], IdxFault, RegExp]>([
    ['nothing', [], 'magic', /it is empty/],
    ['three bytes', [0, 0, 8], 'magic', /starts with 00 00 08/],
    [
      'another magic',
      [0x89, 0x50, 0x4e, 0x47, 13],
      'magic',
      /no IDX file: it starts with 89 50 4e 47/,
    ],
    ['zeros', [0, 0, 0, 0, 0, 0, 0, 0], 'magic', /starts with 00 00 00 00/],
    ['floats', [0, 0, 13, 1, 0, 0, 0, 0], 'type', /holds 32-bit floats/],
    ['an unknown type', [0, 0, 7, 1, 0, 0, 0, 0], 'type', /unknown type 7/],
    ['no dimensions', [0, 0, 8, 0], 'rank', /no dimensions/],
    ['half a header', [0, 0, 8, 3, 0, 0, 0, 1, 0, 0], 'truncated', /10 bytes, fewer than the 16/],
    [
      'too few numbers',
      [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
      'truncated',
      /2 bytes .* fewer than the 3 of 3/,
    ],
    [
      'too many',
      [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3],
      'trailing',
      /3 bytes .* more than the 2 of 1 × 2/,
    ],
    [
      'sizes beyond memory',
      [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1],
      'truncated',
      /fewer/,
    ],
  ])('refuses %s', (_, bytes, fault, message) => {
    const found = faultOf(() => readIdx(Uint8Array.from(bytes), 'some file'));
    expect(found.fault).toBe(fault);
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/^some file /);
  });
});

describe('gunzip', () => {
  const bytes = idxBytes([3], [1, 2, 3]);
  const whole = new Uint8Array(gzipSync(bytes));

  it('unpacks what is compressed, and leaves the rest as it is', async () => {
    expect(await gunzip(whole)).toEqual(bytes);
    expect(await gunzip(bytes)).toBe(bytes);
  });

  it('stops where there is more than the header says, however much would follow', async () => {
    const bomb = Buffer.concat([Buffer.from([0, 0, 8, 1, 0, 0, 0, 5]), Buffer.alloc(2 ** 28)]);
    const bytes = await gunzip(gzipSync(bomb, { level: 1 }));
    expect(bytes.length).toBeGreaterThan(13);
    expect(bytes.length).toBeLessThan(2 ** 22);
    expect(faultOf(() => readIdx(bytes)).fault).toBe('trailing');
  });

  const damaged = whole.map((byte, i) => (i === whole.length - 6 ? byte ^ 1 : byte));
  it.each([
    ['is cut short', whole.subarray(0, whole.length - 9)],
    ['has only its magic', whole.subarray(0, 2)],
    ['fails its own checksum', damaged],
    ['has other bytes behind it', Uint8Array.of(...whole, 1, 2, 3)],
  ])('refuses gzip that %s', async (_, bytes) => {
    const error = await gunzip(bytes, 'a.gz').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(IdxError);
    expect(error).toMatchObject({ fault: 'gzip', source: 'a.gz' });
    expect(String(error)).toMatch(/a\.gz is no whole gzip file/);
  });
});

describe('idxImages', () => {
  it('is a set of the images, which gives out those that are asked for', async () => {
    const set = idxImages(images(3, 2, 2), labels(4, 9, 0), digits);
    expect([set.size, set.side, set.classes, [...set.labels]]).toEqual([3, 2, digits, [4, 9, 0]]);
    const pixels = await set.read(Uint32Array.of(2, 0, 2));
    expect([...pixels]).toEqual([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
  });

  it.each<[string, () => unknown, IdxFault, RegExp]>([
    [
      'labels in the place of images',
      () => [labels(1), labels(1)],
      'rank',
      /labels\.idx holds no images: it has 1 dimension,/,
    ],
    [
      'images in the place of labels',
      () => [images(1, 2, 2), images(1, 2, 2)],
      'rank',
      /images\.idx holds no labels/,
    ],
    [
      'images that are not square',
      () => [images(1, 2, 3), labels(1)],
      'shape',
      /2 × 3 pixels.* square/,
    ],
    ['no images', () => [images(0, 2, 2), labels()], 'shape', /holds 0 images/],
    ['images without pixels', () => [images(1, 0, 0), labels(1)], 'shape', /0 × 0/],
    [
      'fewer labels than images',
      () => [images(2, 1, 1), labels(1)],
      'count',
      /images\.idx holds 2 images, but labels\.idx 1 labels/,
    ],
    [
      'a label without a class',
      () => [images(2, 1, 1), labels(9, 10)],
      'labels',
      /labels\.idx has the label 10 at 1, but there are 10 classes/,
    ],
  ])('refuses %s', (_, parts, fault, message) => {
    const [a, b] = parts() as [ReturnType<typeof images>, ReturnType<typeof labels>];
    const found = faultOf(() => idxImages(a, b, digits));
    expect(found.fault).toBe(fault);
    expect(found.message).toMatch(message);
  });
});
