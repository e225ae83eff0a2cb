import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { type RenderFaceOptions, renderFace } from '../src/index.ts';

const SIDE = 48;
const people = Array.from({ length: 12 }, (_, person) => person);

/** Mean grey of columns and rows, ends left out, over a dozen people. */
function mean(
  options: RenderFaceOptions,
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
): number {
  let sum = 0;
  for (const person of people) {
    const pixels = renderFace({ person, ...options });
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += pixels[y * SIDE + x] as number;
    }
  }
  return sum / (people.length * (right - left) * (bottom - top));
}

/** Where two faces of one person differ: the sum of the differences of rows. */
function changed(
  a: RenderFaceOptions,
  b: RenderFaceOptions,
): (top: number, bottom: number) => number {
  const [first, second] = [renderFace(a), renderFace(b)];
  return (top, bottom) => {
    let sum = 0;
    for (let i = top * SIDE; i < bottom * SIDE; i++) {
      sum += Math.abs((first[i] as number) - (second[i] as number));
    }
    return sum;
  };
}

// The aligner's places: eyes at row 18, 7 columns to either side of the middle; mouth about row 35.
const MOUTH = [
  [20, 28],
  [34, 40],
] as const;
const EYES = [14, 22] as const;

describe('renderFace', () => {
  it('gives the same 48 × 48 grey values every time', () => {
    const face = renderFace({ person: 3, expression: 'smile', light: 2 });
    expect(face).toHaveLength(SIDE * SIDE);
    renderFace({ person: 4 });
    expect(renderFace({ person: 3, expression: 'smile', light: 2 })).toEqual(face);
    expect(renderFace()).toEqual(renderFace({ person: 0, seed: 0, expression: 'neutral' }));
    expect(renderFace({ seed: 1 })).not.toEqual(renderFace());
  });

  it('opens dark mouths for surprise and scream', () => {
    const neutral = mean({}, ...MOUTH);
    expect(mean({ expression: 'surprise' }, ...MOUTH)).toBeLessThan(neutral - 30);
    expect(mean({ expression: 'scream' }, ...MOUTH)).toBeLessThan(neutral - 30);
  });

  it('squints with the eyes and leaves the mouth alone', () => {
    for (const person of people) {
      const rows = changed({ person }, { person, expression: 'squint' });
      expect(rows(...EYES)).toBeGreaterThan(3 * rows(32, 42));
    }
  });

  it('has the frontal iris dark, and covers it when the lids close', () => {
    const iris = [
      [15, 18],
      [17, 20],
    ] as const;
    expect(mean({ units: { 43: 1 } }, ...iris)).toBeGreaterThan(mean({}, ...iris) + 20);
  });

  it('changes with the strength of an expression, from the face at rest on', () => {
    const options = { person: 2, expression: 'disgust' } as const;
    expect(renderFace({ ...options, strength: 0 })).toEqual(renderFace({ person: 2 }));
    const weak = changed({ person: 2 }, { ...options, strength: 0.4 });
    const strong = changed({ person: 2 }, { ...options, strength: 1 });
    expect(weak(0, SIDE)).toBeGreaterThan(0);
    expect(strong(0, SIDE)).toBeGreaterThan(weak(0, SIDE));
  });

  it('is lit from the side where the flash is, and from the other side by the mirrored flash', () => {
    const [left, right] = [
      [10, 20],
      [28, 38],
    ] as const;
    const rows = [20, 34] as const;
    for (let light = 1; light <= 6; light++) {
      expect(mean({ light }, ...[left, rows])).toBeGreaterThan(
        mean({ light }, ...[right, rows]) + 3,
      );
      const mirrored = 14 - light;
      expect(mean({ light: mirrored }, ...[right, rows])).toBeGreaterThan(
        mean({ light: mirrored }, ...[left, rows]) + 3,
      );
    }
    expect(renderFace({ light: 0 })).toEqual(renderFace({ light: 19 }));
  });

  it('keeps eyes and nose in place and swings the back of the head round', () => {
    // Where the face looks to the left, the left edge of the picture stays empty.
    const edge = (yaw: number, columns: readonly [number, number]): number =>
      Math.abs(mean({ yaw }, columns, [16, 30]) - mean({}, [0, 3], [16, 30]));
    expect(edge(-15, [0, 4])).toBeLessThan(2);
    expect(edge(15, [44, 48])).toBeLessThan(8);
    expect(edge(15, [3, 7])).toBeGreaterThan(10);
  });

  it('turns up and down', () => {
    const up = changed({ person: 1 }, { person: 1, pitch: 8 });
    expect(up(0, SIDE)).toBeGreaterThan(0);
  });

  it('refuses what it does not know', () => {
    expect(() => renderFace({ smile: 1 } as object)).toThrow(OptionError);
    expect(() => renderFace({ expression: 'joy' as 'smile' })).toThrow(/expression must be one of/);
    expect(() => renderFace({ yaw: 90 })).toThrow(
      'yaw must be a number from -40 to 40, but it is 90.',
    );
    expect(() => renderFace({ pitch: -21 })).toThrow(/pitch/);
    expect(() => renderFace({ light: 20 })).toThrow(/light must be one of/);
    expect(() => renderFace({ strength: 2 })).toThrow(/strength/);
    expect(() => renderFace({ person: -1 })).toThrow(/person/);
    expect(() => renderFace({ units: { 3: 1 } as object })).toThrow(/options of units/);
    expect(() => renderFace({ units: { 12: 2 } })).toThrow('units.12 must be a number from 0 to 1');
  });
});
