import { describe, expect, it } from 'vitest';
import { keyReader } from '../src/terminal/keys.ts';

describe('the keys in what a terminal sends', () => {
  it.each([
    ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1bOC', ['right']],
    ['\x1b[1;2D', ['left']],
    ['q \r\n', ['q', 'space', 'enter', 'enter']],
    ['R+', ['r', '+']],
    ['\x03\x04\x1a', ['ctrl-c', 'ctrl-d', 'ctrl-z']],
    ['a\x1b[3~b', ['a', 'b']],
    ['\x1b[200~x', ['x']],
    ['\x1bq', ['q']],
    ['\x1b\x1b[C', ['right']],
    ['é😀', ['é', '😀']],
  ])('%j', (text, keys) => {
    expect(keyReader()(text)).toEqual(keys);
  });

  it('takes an arrow that comes in pieces for one', () => {
    const keysIn = keyReader();
    expect(keysIn('a\x1b')).toEqual(['a']);
    expect(keysIn('[')).toEqual([]);
    expect(keysIn('Dq')).toEqual(['left', 'q']);
  });
});
