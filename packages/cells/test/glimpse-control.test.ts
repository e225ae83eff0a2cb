import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { type GlimpseRole, glimpseControl, glimpseRoles } from '../src/index.ts';

const [READ, WRITE, WIPE, INTEGRATE, HOLD] = [1, 2, 4, 8, 16];
const region: GlimpseRole[] = ['coarse', 'fine', 'fine', 'fine', 'fine', 'again'];

describe('glimpseControl', () => {
  const six = (options: Parameters<typeof glimpseControl>[1]) => glimpseControl(region, options);

  it('stores and wipes, looks, and integrates, four times', () => {
    expect(glimpseControl(glimpseRoles)).toEqual([
      ...[6, 0, 0, 0, 0, 9, 6, 0, 0, 0, 0, 9],
      ...[6, 0, 0, 0, 0, 9, 6, 0, 0, 0, 0, 9],
    ]);
    expect(READ | INTEGRATE).toBe(9);
    expect(WRITE | WIPE).toBe(6);
  });

  it('lets each piece be taken away', () => {
    expect(six({ wipe: false })).toEqual([WRITE, 0, 0, 0, 0, READ | INTEGRATE]);
    expect(six({ store: 'every' })).toEqual([6, 2, 2, 2, 2, READ | WRITE | INTEGRATE]);
    expect(six({ secondLook: false })).toEqual([6, 0, 0, 0, READ | INTEGRATE, HOLD]);
  });

  it('knows a region of another number of parts, and one without a second look', () => {
    expect(glimpseControl(['coarse', 'fine', 'again'])).toEqual([6, 0, 9]);
    const roles: GlimpseRole[] = ['coarse', 'fine', 'fine', 'coarse', 'fine'];
    expect(glimpseControl(roles, { secondLook: false })).toEqual([6, 0, 9, 6, 9]);
  });

  it.each([
    [
      'a role that is none',
      () => glimpseControl(['fine', 'rough' as never]),
      /^each of the roles .*"rough"/,
    ],
    [
      'no step that reads',
      () => glimpseControl(['coarse', 'fine']),
      /^roles .*'again' \(or secondLook false\)/,
    ],
    [
      'no step that could',
      () => glimpseControl(['coarse', 'again'], { secondLook: false }),
      /^roles .*'fine'/,
    ],
    ['no roles', () => glimpseControl([]), /^roles/],
    [
      'a store that is none',
      () => six({ store: 'never' as never }),
      /^store .*"coarse", "every".*"never"/,
    ],
    ['a wipe in words', () => six({ wipe: 'no' as never }), /^wipe .*"no"/],
    ['a second look in words', () => six({ secondLook: 'no' as never }), /^secondLook .*"no"/],
  ] as [string, () => unknown, RegExp][])('refuses %s', (_, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
});
