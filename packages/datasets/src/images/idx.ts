import { FastWeightsError } from '@fastweights/core';
import type { ImageSet } from './image-set.ts';
import { memoryImages } from './memory-images.ts';

// IDX, the format of MNIST: two zeros, the type of the numbers, how many dimensions; their sizes as 32-bit big-endian
// numbers; the numbers, the last dimension running fastest.

export type IdxFault =
  | 'gzip'
  | 'magic'
  | 'type'
  | 'rank'
  | 'truncated'
  | 'trailing'
  | 'count'
  | 'shape'
  | 'labels';

/** Bytes that are no IDX file, or not the one that was expected. */
export class IdxError extends FastWeightsError {
  readonly fault: IdxFault;
  /** What the caller calls the bytes, such as the path of the file. */
  readonly source: string;

  constructor(fault: IdxFault, source: string, sentence: string, options?: ErrorOptions) {
    super('idx', `${source} ${sentence}.`, options);
    this.fault = fault;
    this.source = source;
  }
}

/** Numbers from 0 to 255 and their dimensions: `[count]` for labels, `[count, height, width]` for images. */
export interface Idx {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
  /** Where they come from, for error messages. */
  readonly source: string;
}

const UNSIGNED_BYTE = 0x08;
const OTHER_TYPES: Readonly<Record<number, string>> = {
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};

/**
 * The numbers of an IDX file; they stay where they are in `bytes`.
 *
 * @throws IdxError
 */
export function readIdx(bytes: Uint8Array, source = 'The IDX data'): Idx {
  const rank = checkMagic(bytes, source);
  const header = 4 * (1 + rank);
  if (bytes.length < header) {
    const size = `has ${bytes.length} bytes, fewer than the ${header} of its header`;
    throw new IdxError('truncated', source, size);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 * (1 + axis)));
  const expected = shape.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== expected) {
    const fault = found < expected ? 'truncated' : 'trailing';
    const difference = `has ${found} bytes after its header, ${found < expected ? 'fewer' : 'more'} than`;
    throw new IdxError(fault, source, `${difference} the ${expected} of ${shape.join(' × ')}`);
  }
  return { shape, values: bytes.subarray(header), source };
}

/** The number of dimensions. */
function checkMagic(bytes: Uint8Array, source: string): number {
  const [zero, zeroToo, type = 0, rank = 0] = bytes;
  if (bytes.length < 4 || zero !== 0 || zeroToo !== 0 || (rank === 0 && type === 0)) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
    const found = start.length === 0 ? 'is empty' : `starts with ${start.join(' ')}`;
    throw new IdxError('magic', source, `is no IDX file: it ${found}, and not with 00 00`);
  }
  if (type !== UNSIGNED_BYTE) {
    const found = OTHER_TYPES[type] ?? `numbers of the unknown type ${type}`;
    throw new IdxError('type', source, `holds ${found}, but only unsigned bytes are read`);
  }
  if (rank === 0) throw new IdxError('rank', source, 'has no dimensions');
  return rank;
}

/**
 * Square images and their labels, `[count, side, side]` and `[count]`, as a set.
 *
 * @throws IdxError
 */
export function idxImages(images: Idx, labels: Idx, classes: readonly string[]): ImageSet {
  checkRank(images, 3, 'images');
  checkRank(labels, 1, 'labels');
  const [count = 0, height = 0, width = 0] = images.shape;
  if (height !== width || count * height === 0) {
    const found = `holds ${count} images of ${height} × ${width} pixels`;
    const needed = 'at least one square image is needed';
    throw new IdxError('shape', images.source, `${found}, but ${needed}`);
  }
  if (labels.values.length !== count) {
    const found = `holds ${count} images, but ${labels.source} ${labels.values.length} labels`;
    throw new IdxError('count', images.source, found);
  }
  const odd = labels.values.findIndex((label) => label >= classes.length);
  if (odd >= 0) {
    const found = `has the label ${labels.values[odd]} at ${odd}, but there are ${classes.length} classes`;
    throw new IdxError('labels', labels.source, found);
  }
  return memoryImages({ pixels: images.values, labels: labels.values, side: height, classes });
}

function checkRank({ shape, source }: Idx, rank: number, what: string): void {
  if (shape.length === rank) return;
  const dimensions = (n: number): string => (n === 1 ? '1 dimension' : `${n} dimensions`);
  const found = `holds no ${what}: it has ${dimensions(shape.length)}, but they have ${rank}`;
  throw new IdxError('rank', source, found);
}
