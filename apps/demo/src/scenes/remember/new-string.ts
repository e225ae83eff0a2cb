import { integer, permutation, random, splitSeed } from '@fastweights/core';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const PAIRS = 4;

/** Another string of the task; the same after the same one, as everything random here is seeded. */
export function newString(before: string): string {
  const seed = [...before].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 2 ** 31, 7);
  const order = permutation(random(splitSeed(seed, 'letters')), LETTERS.length);
  const digits = random(splitSeed(seed, 'digits'));
  const letters = Array.from({ length: PAIRS }, (_, i) => LETTERS[order[i] ?? 0] ?? 'a');
  const pairs = letters.map((letter) => `${letter}${integer(digits, 10)}`);
  return `${pairs.join('')}??${letters[integer(digits, PAIRS)]}`;
}
