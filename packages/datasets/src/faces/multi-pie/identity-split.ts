import { checkInteger, OptionError, permutation, random, splitSeed } from '@fastweights/core';

export interface IdentitySplit {
  readonly seed: number;
  /** Subjects, ascending. */
  readonly training: readonly number[];
  /** Where some are kept to validate. */
  readonly validation?: readonly number[];
  readonly test: readonly number[];
}

/** Subjects of Multi-PIE have numbers up to this one. */
const HIGHEST = 346;

/**
 * Subjects that are only trained on, `test` others that are only tested on, and `validation` of whom neither is true. All
 * 346 numbers are shuffled: whether a subject comes before another one does not depend on who else is there.
 */
export function identitySplit(
  subjects: readonly number[],
  {
    test,
    validation = 0,
    seed,
  }: { readonly test: number; readonly validation?: number; readonly seed: number },
): IdentitySplit {
  checkInteger('testIdentities', test, 1);
  checkInteger('validationIdentities', validation, 0);
  const there = new Set(subjects);
  const kept = test + validation;
  if (kept >= there.size) {
    const expected = `fewer than the ${there.size} subjects that have images`;
    if (test >= there.size) throw new OptionError('testIdentities', expected, `${test}`);
    throw new OptionError('testIdentities + validationIdentities', expected, `${kept}`);
  }
  const order = permutation(random(splitSeed(seed, 'identities')), HIGHEST);
  const shuffled = Array.from(order, (number) => number + 1).filter((subject) =>
    there.has(subject),
  );
  const ascending = (part: number[]): number[] => part.toSorted((a, b) => a - b);
  return {
    seed,
    training: ascending(shuffled.slice(kept)),
    ...(validation > 0 && { validation: ascending(shuffled.slice(test, kept)) }),
    test: ascending(shuffled.slice(0, test)),
  };
}
