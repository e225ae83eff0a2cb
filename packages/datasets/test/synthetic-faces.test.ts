import { createHash } from 'node:crypto';
import { OptionError, permutation, random } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { type FaceSet, syntheticFaces } from '../src/index.ts';

const AREA = 48 * 48;
const faces = syntheticFaces();
const parts = Object.values(faces) as FaceSet[];

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const upTo = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);
const pixelsOf = (set: FaceSet, indices: Uint32Array): Uint8Array => set.read(indices);

describe('the images', () => {
  it('are these, to the bit, on every engine', () => {
    // Whoever means to change them changes the generator's name in the recipe too: caches go by it.
    expect(faces.training.recipe.generator).toBe('fastweights synthetic faces 1');
    expect(sha256(pixelsOf(faces.training, upTo(1000)))).toBe(
      'ab6bc2e97d4c27d19388c7b21aae3efe50c4de304ac280316173d392a391d594',
    );
  });

  it('are these all over the sets, too', () => {
    // The first 1,000 are of the first few people.
    const spread = Uint32Array.from({ length: 300 }, (_, i) => i * 443);
    expect(sha256(pixelsOf(faces.training, spread))).toBe(
      '4477cf6d45a479f17e9fc88b59e3b00c14fb26ecd48f5c4f4fefa0cb8c27a912',
    );
  });

  it('are the same in whatever order they are read', () => {
    const { test } = syntheticFaces();
    const inOrder = pixelsOf(faces.test, upTo(120));
    const order = permutation(random(3), 120);
    const shuffled = pixelsOf(test, order);
    order.forEach((index, place) => {
      const image = shuffled.subarray(place * AREA, (place + 1) * AREA);
      expect(sha256(image)).toBe(sha256(inOrder.subarray(index * AREA, (index + 1) * AREA)));
    });
    expect(pixelsOf(test, Uint32Array.of(77))).toEqual(inOrder.subarray(77 * AREA, 78 * AREA));
  });

  it('do not share a renderer that another set has in use', () => {
    const [first, second] = [syntheticFaces(), syntheticFaces({ seed: 5 })];
    const alone = pixelsOf(first.test, upTo(3));
    pixelsOf(second.test, upTo(3));
    pixelsOf(first.training, Uint32Array.of(500));
    expect(pixelsOf(first.test, upTo(3))).toEqual(alone);
  });

  it('differ from seed to seed, and from one another', () => {
    const other = syntheticFaces({ seed: 1 });
    expect(pixelsOf(other.test, upTo(1))).not.toEqual(pixelsOf(faces.test, upTo(1)));
    const images = pixelsOf(faces.training, upTo(200));
    const hashes = upTo(200).reduce(
      (set, i) => set.add(sha256(images.subarray(i * AREA, (i + 1) * AREA))),
      new Set<string>(),
    );
    expect(hashes.size).toBe(200);
  });
});

describe('the sets', () => {
  it('hold more than 100,000 images of 337 people, none of whom is in two parts', () => {
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(100_000);
    expect(faces.training.size).toBeGreaterThan(100_000);
    const people = parts.map(({ recipe }) => recipe.identities);
    expect(people.map(({ length }) => length)).toEqual([297, 20, 20]);
    expect(people.flat().toSorted((a, b) => a - b)).toEqual([...upTo(337)]);
    for (const { size, describe, recipe } of parts) {
      const found = new Set(Array.from(upTo(size), (index) => describe(index).identity));
      expect([...found]).toEqual(recipe.identities);
    }
  });

  it('give the paper its 317 people to train on where nobody is kept for validation', () => {
    const { training, validation, test } = syntheticFaces({ validationIdentities: 0 });
    expect(training.recipe.identities).toHaveLength(317);
    expect(validation.size).toBe(0);
    expect(test.recipe.identities).toEqual(faces.test.recipe.identities);
  });

  it('split otherwise by another seed', () => {
    const other = syntheticFaces({ seed: 1 });
    expect(other.test.recipe.identities).not.toEqual(faces.test.recipe.identities);
  });

  it('show every take by three cameras and twenty lights', () => {
    for (const { size, describe: facts } of parts) {
      const counts = new Map<string, number>();
      for (const index of upTo(size)) {
        const { yaw, light } = facts(index);
        counts.set(`${yaw}/${light}`, (counts.get(`${yaw}/${light}`) ?? 0) + 1);
      }
      expect(counts.size).toBe(60);
      expect(new Set(counts.values())).toEqual(new Set([size / 60]));
    }
  });

  it('name the expression that Multi-PIE has in each session', () => {
    const takes = {
      neutral: ['1/1', '2/1', '3/1', '4/1', '4/2'],
      smile: ['1/2', '3/2'],
      surprise: ['2/2'],
      squint: ['2/3'],
      disgust: ['3/3'],
      scream: ['4/3'],
    };
    expect(faces.training.classes).toEqual(Object.keys(takes));
    const { size, labels, describe: facts } = faces.training;
    for (let index = 0; index < size; index += 60) {
      const { expression, session, recording } = facts(index);
      expect(takes[expression]).toContain(`${session}/${recording}`);
      expect(labels[index]).toBe(Object.keys(takes).indexOf(expression));
    }
  });

  it('have the class balance of Multi-PIE', () => {
    // 249, 203, 230 and 239 of its people came to sessions 1 to 4.
    const recordings = [249 + 203 + 230 + 2 * 239, 249 + 230, 203, 203, 230, 239];
    const all = recordings.reduce((sum, count) => sum + count, 0);
    expect((recordings[0] as number) / all).toBeCloseTo(0.46, 2);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    recordings.forEach((count, label) => {
      const found = parts.reduce(
        (sum, { labels }) => sum + labels.filter((l) => l === label).length,
        0,
      );
      expect(Math.abs(found / size - count / all)).toBeLessThan(0.015);
    });
  });
});

describe('what cannot be', () => {
  it('is refused by name', () => {
    expect(() => syntheticFaces({ people: 3 } as object)).toThrow(OptionError);
    expect(() => syntheticFaces({ identities: 1 })).toThrow(/identities must be/);
    expect(() => syntheticFaces({ identities: 40 })).toThrow(
      'identities must be more than the 40 of test and validation, but it is 40.',
    );
    expect(() => syntheticFaces({ testIdentities: 0 })).toThrow(/testIdentities/);
    expect(() => syntheticFaces({ seed: -1 })).toThrow(OptionError);
    expect(() => faces.test.read(Uint32Array.of(faces.test.size))).toThrow(
      `index must be less than ${faces.test.size}, but it is ${faces.test.size}.`,
    );
    expect(() => faces.test.describe(1.5)).toThrow(OptionError);
  });
});
