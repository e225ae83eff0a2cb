import { OptionError } from '@fastweights/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shotNumber, shotOfName, subjectOf } from '../src/faces/multi-pie/shot.ts';
import {
  identitySplit,
  type MultiPieShot,
  multiPieClasses,
  multiPieExpression,
  pathOfShot,
  shotOfPath,
} from '../src/index.ts';

const example = {
  subject: 108,
  session: 2,
  recording: 1,
  camera: '05_1',
  illumination: 17,
};

const anyShot = fc.record({
  subject: fc.integer({ min: 1, max: 346 }),
  session: fc.integer({ min: 1, max: 4 }),
  recording: fc.integer({ min: 1, max: 5 }),
  camera: fc.constantFrom('14_0', '05_1', '05_0', '19_1', '24_0', '01_0'),
  illumination: fc.integer({ min: 0, max: 19 }),
});

describe('a path of Multi-PIE', () => {
  it('tells of the shot, wherever the copy lies and however paths are written', () => {
    const tail = 'session02/multiview/108/01/05_1/108_02_01_051_17.png';
    expect(shotOfPath(tail)).toEqual(example);
    expect(shotOfPath(`/data/pie/data/${tail}`)).toEqual(example);
    expect(shotOfPath(`D:\\pie\\${tail.replaceAll('/', '\\')}`)).toEqual(example);
    expect(shotOfPath(tail.replace('session', 'Session').replace('.png', '.PNG'))).toEqual(example);
    expect(pathOfShot(example)).toBe(tail);
  });

  it.each([
    'session02/multiview/108/01/05_1/108_02_01_051_17.jpg',
    'session02/multiview/108/01/05_1/108_02_01_051_20.png',
    'session02/multiview/108/01/05_1/108_02_01_051_7.png',
    'session02/multiview/108/01/05_1/108_02_01_051_17 (1).png',
    'session02/multiview/108/01/05_1/._108_02_01_051_17.png',
    'session02/multiview/108/01/05_1/000_02_01_051_17.png',
    'session02/multiview/347/01/05_1/347_02_01_051_17.png',
    'session05/multiview/108/01/05_1/108_05_01_051_17.png',
    'session01/multiview/108/01/05_1/108_02_01_051_17.png',
    'session02/multiview/109/01/05_1/108_02_01_051_17.png',
    'session02/multiview/108/02/05_1/108_02_01_051_17.png',
    'session02/multiview/108/01/05_0/108_02_01_051_17.png',
    'session02/highres/108/01/05_1/108_02_01_051_17.png',
    'multiview/108/01/05_1/108_02_01_051_17.png',
    '108_02_01_051_17.png',
    '',
  ])('is none: %s', (path) => {
    expect(shotOfPath(path)).toBeUndefined();
  });

  it('is the same both ways, for every shot', () => {
    fc.assert(
      fc.property(anyShot, (shot) => {
        expect(shotOfPath(pathOfShot(shot))).toEqual(shot);
        expect(shotOfName(pathOfShot(shot).split('/').at(-1) ?? '')).toEqual(shot);
      }),
    );
  });

  it('has a number that no other shot has, and that fits 32 bits', () => {
    const numbers = new Map<number, MultiPieShot>();
    fc.assert(
      fc.property(anyShot, (shot) => {
        const number = shotNumber(shot);
        expect(number).toBe(number >>> 0);
        expect(subjectOf(number)).toBe(shot.subject);
        expect(numbers.get(number) ?? shot).toEqual(shot);
        numbers.set(number, shot);
      }),
      { numRuns: 1000 },
    );
    expect(() => shotNumber({ ...example, illumination: 31 })).toThrow(OptionError);
  });
});

describe('the expressions of Multi-PIE', () => {
  it('follow from session and recording', () => {
    const found: Record<string, number[][]> = {};
    for (let session = 0; session <= 5; session++) {
      for (let recording = 0; recording <= 5; recording++) {
        const expression = multiPieExpression(session, recording) ?? 'unknown';
        found[expression] = [...(found[expression] ?? []), [session, recording]];
      }
    }
    const { unknown, ...known } = found;
    expect(known).toEqual({
      neutral: [
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
        [4, 2],
      ],
      smile: [
        [1, 2],
        [3, 2],
      ],
      surprise: [[2, 2]],
      squint: [[2, 3]],
      disgust: [[3, 3]],
      scream: [[4, 3]],
    });
    expect(unknown?.length).toBe(36 - 11);
    expect(multiPieClasses.length).toBe(6);
  });
});

describe('identitySplit', () => {
  // The real ones have gaps: 337 of 346.
  const subjects = Array.from({ length: 346 }, (_, i) => i + 1).filter((id) => id % 38 !== 0);

  it('gives 317 to train and 20 to test on, and nobody to both', () => {
    expect(subjects.length).toBe(337);
    const { training, test, seed } = identitySplit(subjects, { test: 20, seed: 3 });
    expect([training.length, test.length, seed]).toEqual([317, 20, 3]);
    expect([...training, ...test].toSorted((a, b) => a - b)).toEqual(subjects);
    expect(training).toEqual(training.toSorted((a, b) => a - b));
  });

  it('follows from the seed and the subjects, not from their order', () => {
    const split = identitySplit(subjects, { test: 20, seed: 3 });
    const again = identitySplit([...subjects, ...subjects].reverse(), { test: 20, seed: 3 });
    expect(again).toEqual(split);
    const other = identitySplit(subjects, { test: 20, seed: 4 });
    expect(other.test).not.toEqual(split.test);
  });

  it('hardly changes when somebody is missing', () => {
    const { test, training } = identitySplit(subjects, { test: 20, seed: 3 });
    const without = (missing: number | undefined) =>
      identitySplit(
        subjects.filter((id) => id !== missing),
        { test: 20, seed: 3 },
      ).test;
    expect(without(training[7])).toEqual(test);
    expect(without(test[7]).filter((id) => test.includes(id)).length).toBe(19);
  });

  it('is pinned: another split would be another experiment', () => {
    const { test } = identitySplit(subjects, { test: 5, seed: 1 });
    expect(test.join()).toMatchInlineSnapshot(`"5,120,169,176,295"`);
  });

  it.each([0, 337, 1.5])('refuses to test on %d of 337', (test) => {
    expect(() => identitySplit(subjects, { test, seed: 1 })).toThrow(OptionError);
  });
});
