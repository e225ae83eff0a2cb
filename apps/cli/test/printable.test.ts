import { expect, it } from 'vitest';
import { printable, printableJson, printableLines } from '../src/printable.ts';

const EVIL = 'a\x1b[2J\x9b\u202e\u{e0001}\nb';

it('nothing that is printed drives a terminal', () => {
  expect(printable(EVIL)).toBe('a�[2J����b');
  expect(printableLines(EVIL)).toBe('a�[2J���\nb');
  expect(printable('jó ✓ 日本 🙂')).toBe('jó ✓ 日本 🙂');
});

it('JSON keeps its meaning', () => {
  const text = printableJson({ text: EVIL });
  expect(text).not.toMatch(/\p{C}/u);
  expect(JSON.parse(text)).toEqual({ text: EVIL });
});
