import { FastWeightsError } from '@fastweights/core';

// `c9k8j3f1??c`: pairs of a letter and a digit, a question, and one of the letters. The answer is its digit.

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const QUESTION = '??';

/** The 37 characters in the order of their ids: letters, digits, the question mark. */
export const retrievalAlphabet: string = `${LETTERS}${DIGITS}?`;

/** How long a string with so many pairs is. */
export const retrievalLength = (pairs: number): number => 2 * pairs + 3;

/** A text that is no retrieval string: at which position (from 0) what was expected, and what was found. */
export class RetrievalTextError extends FastWeightsError {
  readonly text: string;
  readonly position: number;
  readonly expected: string;
  readonly found: string;

  constructor(text: string, position: number, expected: string) {
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    const found =
      position >= text.length
        ? 'the end'
        : /\p{C}/u.test(character)
          ? `the character U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
          : `"${character}"`;
    // Shown without what would move the cursor, and no longer than a person reads.
    const shown = text.slice(0, position + 40).replace(/\p{C}/gu, '�');
    const pointer = text === '' ? '' : `\n  ${shown}\n  ${' '.repeat(position)}^`;
    const sentence = `Expected ${expected} at position ${position + 1} of "${shown}", but found ${found}.`;
    super('retrieval-text', sentence + pointer);
    this.text = text;
    this.position = position;
    this.expected = expected;
    this.found = found;
  }
}

/**
 * The ids of a string of any number of pairs, checked to be one that the task could have made.
 *
 * @throws RetrievalTextError
 */
export function encodeRetrieval(text: string): Uint8Array {
  if (typeof text !== 'string') throw new RetrievalTextError(String(text), 0, 'a string');
  const marks = text.indexOf('?');
  const pairs = Math.ceil((marks < 0 ? text.length : marks) / 2);
  const keys = new Set<string>();
  for (let i = 0; i < 2 * Math.max(pairs, 1); i += 2) {
    const letter = text[i];
    if (!isIn(LETTERS, letter)) throw new RetrievalTextError(text, i, 'a letter from a to z');
    if (keys.has(letter)) {
      throw new RetrievalTextError(text, i, 'a letter that has not come before');
    }
    keys.add(letter);
    if (!isIn(DIGITS, text[i + 1])) throw new RetrievalTextError(text, i + 1, 'a digit');
  }
  const question = 2 * keys.size;
  for (const i of [question, question + 1]) {
    if (text[i] !== '?') throw new RetrievalTextError(text, i, 'a "?"');
  }
  const query = question + QUESTION.length;
  if (!keys.has(text[query] ?? '')) {
    const letters = [...keys].join(', ');
    throw new RetrievalTextError(text, query, `one of the letters ${letters}`);
  }
  if (text.length > query + 1) throw new RetrievalTextError(text, query + 1, 'the end');
  return Uint8Array.from(text, (character) => retrievalAlphabet.indexOf(character));
}

/** The text that ids stand for; the inverse of `encodeRetrieval`. */
export function decodeRetrieval(ids: ArrayLike<number>): string {
  return Array.from(ids, (id) => retrievalAlphabet[id] ?? '�').join('');
}

/** The digit that a string asks for. */
export function answerRetrieval(text: string): number {
  encodeRetrieval(text);
  return Number(text[text.indexOf(text.slice(-1)) + 1]);
}

function isIn(characters: string, character: string | undefined): character is string {
  return character !== undefined && characters.includes(character);
}
