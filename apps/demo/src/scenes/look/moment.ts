import { multiPieClasses } from '@fastweights/datasets';
import type { Sight, Subject } from './look.worker.ts';

export const STEPS = 6;
export const places = ['top left', 'top right', 'bottom left', 'bottom right'] as const;
const digitNames: readonly string[] = [...'0123456789'];

export const namesOf = (subject: Subject): readonly string[] =>
  subject === 'digit' ? digitNames : multiPieClasses;

/** Where glimpse `glimpse` (from 1) stands in the sequence. */
export interface Moment {
  /** From 0. */
  readonly quarter: number;
  /** From 0: the glance, four details, the glance again. */
  readonly part: number;
  /** Quarters that are stored, and that have been read back. */
  readonly stored: number;
  readonly read: number;
}

export function momentOf(glimpse: number): Moment {
  const quarter = Math.floor((glimpse - 1) / STEPS);
  const part = (glimpse - 1) % STEPS;
  return { quarter, part, stored: quarter + 1, read: part === STEPS - 1 ? quarter + 1 : quarter };
}

/** A glimpse in words. */
export function wordsOf(glimpse: number): string {
  const { quarter, part } = momentOf(glimpse);
  const place = places[quarter] ?? '';
  if (part === 0) return `${place}, a coarse glance: written`;
  if (part === STEPS - 1) return `${place}, the glance again: read`;
  return `${place}, detail ${part} of 4`;
}

export interface Best {
  readonly name: string;
  readonly index: number;
  readonly probability: number;
}

export function bestOf(names: readonly string[], probabilities: readonly number[]): Best {
  const probability = Math.max(...probabilities);
  const index = probabilities.indexOf(probability);
  return { name: names[index] ?? '', index, probability };
}

/** The look that the answer of this moment comes from; none before the first quarter is read. */
export const lookNow = (sight: Sight, glimpse: number): Sight['looks'][number] | undefined =>
  sight.looks[momentOf(glimpse).read - 1];
