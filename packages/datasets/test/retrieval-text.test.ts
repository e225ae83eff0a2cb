import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerRetrieval,
  decodeRetrieval,
  encodeRetrieval,
  RetrievalTextError,
  retrievalAlphabet,
} from '../src/index.ts';

describe('a retrieval string', () => {
  it('is ids and text, both ways', () => {
    const ids = encodeRetrieval('c9k8j3f1??c');
    expect([...ids]).toEqual([2, 35, 10, 34, 9, 29, 5, 27, 36, 36, 2]);
    expect(decodeRetrieval(ids)).toBe('c9k8j3f1??c');
    expect(retrievalAlphabet.length).toBe(37);
  });

  it('has the answers of the paper’s examples', () => {
    expect(answerRetrieval('c9k8j3f1??c')).toBe(9);
    expect(answerRetrieval('j0a5s5z2??a')).toBe(5);
  });

  it('may have any number of pairs', () => {
    expect(encodeRetrieval('a1??a').length).toBe(5);
    const all = Array.from('abcdefghijklmnopqrstuvwxyz', (c, i) => `${c}${i % 10}`).join('');
    expect(answerRetrieval(`${all}??z`)).toBe(5);
  });

  it.each([
    ['', 0, 'a letter from a to z', 'the end'],
    ['C9k8j3f1??c', 0, 'a letter from a to z', '"C"'],
    ['ckk8j3f1??c', 1, 'a digit', '"k"'],
    ['c9k8j3f1', 8, 'a "?"', 'the end'],
    ['c9k', 3, 'a digit', 'the end'],
    ['c9k??c', 3, 'a digit', '"?"'],
    ['c9c8??c', 2, 'a letter that has not come before', '"c"'],
    ['c9k8?c', 5, 'a "?"', '"c"'],
    ['c9k8??', 6, 'one of the letters c, k', 'the end'],
    ['c9k8??z', 6, 'one of the letters c, k', '"z"'],
    ['c9k8??cc', 7, 'the end', '"c"'],
    ['??c', 0, 'a letter from a to z', '"?"'],
    ['c9 k8??c', 2, 'a letter from a to z', '" "'],
    ['c９k8??c', 1, 'a digit', '"９"'],
  ])('%j is refused at position %i', (text, position, expected, found) => {
    const refuse = () => encodeRetrieval(text);
    expect(refuse).toThrow(RetrievalTextError);
    try {
      refuse();
    } catch (error) {
      expect(error).toMatchObject({ text, position, expected, found });
      expect((error as Error).message).toContain(`position ${position + 1} `);
      const pointer = text === '' ? '' : `\n  ${text}\n  ${' '.repeat(position)}^`;
      expect((error as Error).message).toMatch(/\.$|\^$/);
      expect((error as Error).message.endsWith(pointer)).toBe(true);
    }
  });

  it('is named without what would reach the terminal, or fill it', () => {
    const refusal = (text: string): RetrievalTextError => {
      try {
        encodeRetrieval(text);
      } catch (error) {
        return error as RetrievalTextError;
      }
      throw new Error('taken');
    };
    const moving = refusal('c9\u001b[2J\n??c');
    expect(moving.found).toBe('the character U+001B');
    expect(moving.message).not.toContain('\u001b');
    expect(refusal('c9😀??c').found).toBe('"😀"');
    expect(refusal(`c9${'x'.repeat(100_000)}`).message.length).toBeLessThan(300);
  });

  it('is never taken for one when it is anything else', () => {
    const shape = /^(?:([a-z])\d(?!.*\1\d))+\?\?[a-z]$/;
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c?\d]{0,9}$/), (text) => {
        let taken = true;
        try {
          encodeRetrieval(text);
        } catch {
          taken = false;
        }
        const valid = shape.test(text) && text.slice(0, -3).includes(text.slice(-1));
        expect(taken, text).toBe(valid);
      }),
    );
  });
});
