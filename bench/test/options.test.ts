import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { entriesFor, parseOptions } from '../src/options.ts';
import { roster } from '../src/roster.ts';
import { type SizeName, sizes } from '../src/sizes.ts';

describe('the options of the bench', () => {
  it('are all sizes and everyone, unless told', () => {
    expect(parseOptions([])).toEqual({
      sizes: Object.keys(sizes),
      only: undefined,
      rounds: 5,
      steps: 40,
      save: undefined,
    });
    expect(parseOptions(['--help'])).toBe('help');
  });

  it.each([
    [['--sizes', 'R=1'], /^--sizes .*"R=1"/],
    [['--only', 'nobody'], /^--only .*"nobody"/],
    [['--rounds', '0'], /^--rounds .*at least 1.*"0"/],
    [['--steps', 'many'], /^--steps .*"many"/],
    [['--save', '../elsewhere'], /^--save/],
    [['--speed'], /--speed/],
    [['fast'], /fast/],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(OptionError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  it('name who takes part, also where the roster leaves them out', () => {
    for (const size of Object.keys(sizes) as SizeName[]) {
      const { entries, leftOut } = entriesFor(size, undefined);
      expect(entries.length + leftOut.length).toBe(roster.length);
      expect(
        entriesFor(
          size,
          roster.map(({ name }) => name),
        ).entries,
      ).toHaveLength(roster.length);
    }
  });
});
