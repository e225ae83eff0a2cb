import { checkInteger, checkKeys, permutation, random, splitSeed } from '@fastweights/core';
import type { ImageSet } from '../images/image-set.ts';
import { contactSheet, PAPER } from './contact-sheet.ts';

export interface ClassSheetOptions {
  /** Images of each class. Default 12. */
  readonly columns?: number;
  /** Of the choice. Default 0. */
  readonly seed?: number;
  /** Pixels of the sheet for each pixel of an image. Default: such that an image is about 84 wide. */
  readonly scale?: number;
}

const ABOUT = 84;

/** A contact sheet with a row for each class, drawn at random; a class of fewer images leaves its places empty. */
export function classSheet(images: ImageSet, options: ClassSheetOptions = {}): Promise<Uint8Array> {
  checkKeys('classSheet', options, ['columns', 'seed', 'scale']);
  const { columns = 12, seed = 0 } = options;
  const scale = options.scale ?? Math.max(1, Math.round(ABOUT / images.side));
  checkInteger('columns', columns, 1);
  const rows = images.classes.length;
  const empty = images.size;
  const indices = new Uint32Array(rows * columns).fill(empty);
  images.classes.forEach((_, label) => {
    const draw = random(splitSeed(seed, `row ${label}`));
    indices.set(chosen(images, label, permutation(draw, images.size), columns), label * columns);
  });
  return contactSheet(withPaper(images), { rows, columns, indices, scale });
}

function chosen(images: ImageSet, label: number, order: Uint32Array, most: number): number[] {
  const found: number[] = [];
  for (const index of order) {
    if (found.length === most) break;
    if (images.labels[index] === label) found.push(index);
  }
  return found.toSorted((a, b) => a - b);
}

/** The set with one image more, on which there is nothing. */
function withPaper(images: ImageSet): ImageSet {
  const { size, side } = images;
  return {
    ...images,
    size: size + 1,
    async read(indices) {
      const pixels = new Uint8Array(indices.length * side ** 2).fill(PAPER);
      const places = indices.map((_, place) => place).filter((place) => indices[place] !== size);
      const there = await images.read(places.map((place) => indices[place] as number));
      places.forEach((place, i) => {
        pixels.set(there.subarray(i * side ** 2, (i + 1) * side ** 2), place * side ** 2);
      });
      return pixels;
    },
  };
}
