import { checkChoice, checkInteger, checkKeys } from '@fastweights/core';
import type { ImageSet } from '../images/image-set.ts';
import { memoryImages } from '../images/memory-images.ts';
import { split, subset } from '../images/subset.ts';
import { csvRows, type TextChunks } from './csv-rows.ts';
import {
  type Fer2013Columns,
  Fer2013Error,
  type Fer2013Row,
  type Fer2013RowFault,
  fer2013Columns,
  fer2013Row,
  ferSide,
} from './fer-2013-rows.ts';
import { type Counts, tally } from './tally.ts';

export interface Fer2013Options {
  /**
   * `seven` as in the file. `six` counts disgust, with 547 images of 35,887 by far the rarest, as anger: our choice, and
   * not the six of Multi-PIE. Default `seven`.
   */
  readonly classes?: 'six' | 'seven';
  /** `throw` at the first bad row, or `skip` and count them. Default `throw`. */
  readonly onBadRow?: 'throw' | 'skip';
  /** Of the split, where the file has no column Usage. Default 0. */
  readonly seed?: number;
}

export interface Fer2013Report {
  /** Rows after the header: images and bad rows. */
  readonly rows: number;
  readonly images: { readonly [part in Part]: number };
  readonly badRows: Counts<Fer2013RowFault>;
  /** Whether the file says which images are for training; if not, a tenth each was drawn to validate and to test. */
  readonly hasUsage: boolean;
  /** Whether these are as many images as FER-2013 has: 28,709, 3,589 and 3,589. */
  readonly isComplete: boolean;
}

export interface Fer2013 {
  readonly training: ImageSet;
  /** The public test. */
  readonly validation: ImageSet;
  /** The private test. */
  readonly test: ImageSet;
  readonly report: Fer2013Report;
}

type Part = (typeof PARTS)[number];

const PARTS = ['training', 'validation', 'test'] as const;
const KNOWN = { training: 28_709, validation: 3589, test: 3589 };
const FAULTS = [
  'columns',
  'emotion',
  'usage',
  'pixel-count',
  'pixel-value',
  'truncated',
] as const satisfies readonly Fer2013RowFault[];

const CLASSES = {
  seven: ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'],
  six: ['angry', 'fear', 'happy', 'sad', 'surprise', 'neutral'],
} as const;

/**
 * FER-2013 from the text of its CSV, in pieces. All known forms are taken: `emotion,pixels,Usage`;
 * `emotion, Usage, pixels`; `emotion,pixels`.
 *
 * @throws Fer2013Error, CsvError
 */
export async function parseFer2013(
  chunks: TextChunks,
  options: Fer2013Options = {},
): Promise<Fer2013> {
  checkKeys('parseFer2013', options, ['classes', 'onBadRow', 'seed']);
  const { classes = 'seven', onBadRow = 'throw', seed = 0 } = options;
  checkChoice('classes', classes, ['six', 'seven']);
  checkChoice('onBadRow', onBadRow, ['throw', 'skip']);
  checkInteger('seed', seed, 0);

  const badRows = tally<Fer2013RowFault>(FAULTS);
  const images: Fer2013Row[] = [];
  let columns: Fer2013Columns | undefined;
  let rows = 0;
  for await (const row of csvRows(chunks)) {
    if (!columns) {
      columns = fer2013Columns(row);
      continue;
    }
    rows++;
    try {
      images.push(fer2013Row(row, columns));
    } catch (error) {
      if (onBadRow === 'throw' || !(error instanceof Fer2013Error)) throw error;
      badRows.add(error.fault as Fer2013RowFault, error.message);
    }
  }
  const hasUsage = columns !== undefined && columns.usage >= 0;
  if (images.length < (hasUsage ? 1 : PARTS.length)) throw tooFew(rows, images.length);
  const parts = partsOf(imageSet(images, classes), images, hasUsage, seed);
  const sizes = {
    training: parts.training.size,
    validation: parts.validation.size,
    test: parts.test.size,
  };
  const isComplete = PARTS.every((part) => sizes[part] === KNOWN[part]);
  const report = { rows, images: sizes, badRows: badRows.counts(), hasUsage, isComplete };
  return { ...parts, report };
}

function imageSet(images: readonly Fer2013Row[], classes: 'six' | 'seven'): ImageSet {
  const area = ferSide ** 2;
  const pixels = new Uint8Array(images.length * area);
  images.forEach((image, i) => {
    pixels.set(image.pixels, i * area);
  });
  const labels = Uint8Array.from(images, ({ emotion }) =>
    classes === 'seven' ? emotion : Math.max(0, emotion - 1),
  );
  return memoryImages({ pixels, labels, side: ferSide, classes: CLASSES[classes] });
}

function partsOf(
  set: ImageSet,
  images: readonly Fer2013Row[],
  hasUsage: boolean,
  seed: number,
): Record<Part, ImageSet> {
  if (!hasUsage) {
    const tenth = Math.max(1, Math.round(set.size / 10));
    return split(set, { training: set.size - 2 * tenth, validation: tenth, test: tenth }, seed);
  }
  const part = (wanted: number): ImageSet =>
    subset(
      set,
      Uint32Array.from(images.keys()).filter((i) => images[i]?.usage === wanted),
    );
  return { training: part(0), validation: part(1), test: part(2) };
}

function tooFew(rows: number, images: number): Fer2013Error {
  const found = rows === 0 ? 'The file has no rows' : `Of ${rows} rows, ${images} are images`;
  return new Fer2013Error(
    'empty',
    undefined,
    `${found}: that is no data set. Give the fer2013.csv or icml_face_data.csv that you have downloaded.`,
  );
}
