import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../option-values.ts';

/** Reads a list of words, divided by commas. */
export function names(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return words;
  throw new InvalidArgumentError('It must be a list of names, as a,b.');
}

/** Reads a list of whole numbers, divided by commas. */
export const wholeNumbers =
  (least: number): ((text: string) => number[]) =>
  (text) =>
    names(text).map(wholeNumber(least));
