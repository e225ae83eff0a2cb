import { checkInteger, checkKeys, OptionError } from '@fastweights/core';
import { encode } from 'fast-png';
import type { ImageSet } from '../images/image-set.ts';

export interface ContactSheetOptions {
  readonly rows: number;
  readonly columns: number;
  /** Which images, row by row; missing ones leave their places empty. Default: the first ones. */
  readonly indices?: Uint32Array;
  /** Pixels of the sheet for each pixel of an image. Default 3. */
  readonly scale?: number;
}

/** The grey between images, and where there is none. */
export const PAPER = 24;
const GAP = 3;

/** Images in rows and columns, as the bytes of a grey PNG file. */
export async function contactSheet(
  images: ImageSet,
  options: ContactSheetOptions,
): Promise<Uint8Array> {
  checkKeys('contactSheet', options, ['rows', 'columns', 'indices', 'scale']);
  const { rows, columns, scale = 3 } = options;
  checkInteger('rows', rows, 1);
  checkInteger('columns', columns, 1);
  checkInteger('scale', scale, 1);
  const indices = options.indices ?? firstOf(images, rows * columns);
  if (indices.length > rows * columns) {
    const places = `at most ${rows * columns} indices for ${rows} × ${columns} places`;
    throw new OptionError('indices', places, `${indices.length}`);
  }
  const pixels = await images.read(indices);
  const cell = images.side * scale + GAP;
  const [width, height] = [columns * cell + GAP, rows * cell + GAP];
  const data = new Uint8Array(width * height).fill(PAPER);
  for (let i = 0; i < indices.length; i++) {
    const image = pixels.subarray(i * images.side ** 2, (i + 1) * images.side ** 2);
    const corner = (GAP + Math.floor(i / columns) * cell) * width + GAP + (i % columns) * cell;
    enlarge(image, images.side, scale, data.subarray(corner), width);
  }
  return encode({ width, height, data, depth: 8, channels: 1 });
}

function firstOf({ size }: ImageSet, places: number): Uint32Array {
  return Uint32Array.from({ length: Math.min(size, places) }, (_, i) => i);
}

function enlarge(
  image: Uint8Array,
  side: number,
  scale: number,
  into: Uint8Array,
  stride: number,
): void {
  for (let y = 0; y < side * scale; y++) {
    for (let x = 0; x < side * scale; x++) {
      const source = Math.floor(y / scale) * side + Math.floor(x / scale);
      into[y * stride + x] = image[source] as number;
    }
  }
}
