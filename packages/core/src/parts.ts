import { checkInteger } from './checks.ts';
import type { Part } from './contracts.ts';
import { OptionError } from './errors.ts';

/** Throws unless there is such a part. */
export function checkPart({ index, of }: Part): void {
  checkInteger('part.of', of, 1);
  checkInteger('part.index', index, 0);
  if (index >= of) throw new OptionError('part.index', `less than part.of, ${of}`, `${index}`);
}

/**
 * Which of so many rows are a part's: from the first up to, but not including, the second. Parts follow one another, and
 * their sizes differ by at most one; without a part, all rows.
 */
export function rangeOf(part: Part | undefined, size: number): readonly [from: number, to: number] {
  if (!part) return [0, size];
  const { index, of } = part;
  return [Math.floor((index * size) / of), Math.floor(((index + 1) * size) / of)];
}
