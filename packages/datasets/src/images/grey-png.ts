import { FastWeightsError } from '@fastweights/core';
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';

export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** 0 … 255, with fractions, row by row. */
  readonly pixels: Float32Array;
}

/** Bytes that are no whole PNG, or one that is too large. */
export class PngError extends FastWeightsError {
  constructor(sentence: string, options?: ErrorOptions) {
    super('png', sentence, options);
  }
}

const MOST_PIXELS = 1 << 26;

/**
 * The grey values of a PNG of any kind: 1 to 16 bits, grey, colour or palette. Colours become luma (Rec. 601); how
 * transparent a pixel is does not count.
 *
 * @throws PngError
 */
export function readGreyPng(bytes: Uint8Array): GreyImage {
  checkSize(bytes);
  try {
    const png = decode(bytes, { checkCrc: true });
    const { width, height } = png;
    return { width, height, pixels: png.palette ? paletteGrey(png) : grey(png) };
  } catch (cause) {
    const found = (cause as Error).message.replace(/[.:]$/, '');
    throw new PngError(`This is no whole PNG: ${found}.`, { cause });
  }
}

/** Before anything of the size that the header names is made. */
function checkSize(bytes: Uint8Array): void {
  const isPng = bytes.length >= 33 && String.fromCharCode(...bytes.subarray(12, 16)) === 'IHDR';
  if (!isPng) throw new PngError(`This is no PNG: it has ${bytes.length} bytes and no header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) {
    throw new PngError(`A PNG of ${width} × ${height} pixels is not read.`);
  }
}

function grey(png: DecodedPng): Float32Array {
  const { width, height, channels, depth } = png;
  const data = depth < 8 ? unpack(png) : png.data;
  return toLuma(data, width * height, channels, 255 / (2 ** depth - 1));
}

function paletteGrey(png: DecodedPng): Float32Array {
  const colours = convertIndexedToRgb(png);
  const size = png.width * png.height;
  return toLuma(colours, size, colours.length / size, 1);
}

/** One, two or four bits a pixel; each row starts with a byte of its own. */
function unpack({ width, height, depth, data }: DecodedPng): Uint8Array {
  const values = new Uint8Array(width * height);
  const [perByte, mask] = [8 / depth, 2 ** depth - 1];
  const bytesPerRow = Math.ceil(width / perByte);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * bytesPerRow + Math.floor(x / perByte)] as number;
      values[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & mask;
    }
  }
  return values;
}

function toLuma(
  data: ArrayLike<number>,
  size: number,
  channels: number,
  unit: number,
): Float32Array {
  const pixels = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const at = i * channels;
    const first = data[at] as number;
    const luma =
      channels < 3
        ? first
        : 0.299 * first + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
    pixels[i] = luma * unit;
  }
  return pixels;
}
