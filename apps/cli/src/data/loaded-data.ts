import type { ImageSet } from '@fastweights/datasets';
import type { Line } from '../terminal/line.ts';

export interface Split {
  readonly name: string;
  readonly size: number;
  /** How many are of each class, in the order of the classes. */
  readonly counts: readonly number[];
}

/** Grey values, as numbers from 0 to 1. */
export interface PixelStatistics {
  readonly side: number;
  readonly mean: number;
  readonly deviation: number;
  /** So many images were looked at, drawn from this split. */
  readonly sample: number;
  readonly split: string;
}

/** What is told of a data set, in words and to machines alike: plain data. */
export interface DataFacts {
  readonly data: string;
  readonly title: string;
  /** One sentence or two, after the title. */
  readonly what: string;
  readonly seed: number;
  readonly classes: readonly string[];
  readonly splits: readonly Split[];
  readonly pixels?: PixelStatistics;
  /** What else there is to know of this data set. */
  readonly [detail: string]: unknown;
}

/** What a reader passed over, by kind. */
export interface LeftOut {
  /** What was read, and how much of it is of use. */
  readonly summary: string;
  readonly kinds: Readonly<Record<string, { count: number; examples: readonly string[] }>>;
}

export interface LoadedData {
  readonly facts: DataFacts;
  /** What the facts mean, in sentences. */
  readonly notes: readonly string[];
  readonly leftOut?: readonly LeftOut[];
  /** Examples as a terminal of so many columns shows them. */
  examples?(columns: number): readonly Line[];
  /** What pictures are made of: the images of the split that `facts.pixels` names. */
  readonly images?: ImageSet;
}
