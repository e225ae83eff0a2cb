import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cosine,
  curveThrough,
  hill,
  sine,
  smoothstep,
  threeQuarterPower,
} from '../src/faces/synthetic/exact-math.ts';

const folder = new URL('../src/faces/synthetic/', import.meta.url);

describe('arithmetic that decides pixels', () => {
  it('uses nothing that engines round differently', () => {
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const code = readFileSync(new URL(file, folder), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|\/\/.*/g,
        '',
      );
      const used = new Set(code.match(/Math\.\w+|\*\*/g));
      for (const exact of ['PI', 'abs', 'sqrt', 'floor', 'ceil', 'min', 'max'])
        used.delete(`Math.${exact}`);
      expect([...used], file).toEqual([]);
      // core's normal() takes a logarithm and a cosine.
      expect(code).not.toMatch(/\bnormal\(/);
    }
  });
});

describe('sine and cosine', () => {
  it('are those of Math, to nine digits', () => {
    for (let angle = -30; angle <= 30; angle += 0.0137) {
      expect(Math.abs(sine(angle) - Math.sin(angle))).toBeLessThan(2e-9);
      expect(Math.abs(cosine(angle) - Math.cos(angle))).toBeLessThan(2e-9);
    }
    expect(sine(0)).toBe(0);
  });
});

describe('the shapes', () => {
  it('have their ends and middles where they should', () => {
    expect([0, 0.5, 1].map((x) => smoothstep(0, 1, x))).toEqual([0, 0.5, 1]);
    expect([-3, 7].map((x) => smoothstep(2, 1, x))).toEqual([1, 0]);
    expect([0, 0.5, 1, 9].map(hill)).toEqual([1, 0.25, 0, 0]);
    expect([0, 1, 16].map(threeQuarterPower)).toEqual([0, 1, 8]);
  });

  it('are curves through their points, level beyond them and never negative', () => {
    const curve = curveThrough([
      [3, 0],
      [2, 1],
      [1, 4],
      [0, 0],
    ]);
    expect(curve(2)).toBeCloseTo(1, 2);
    expect(curve(1)).toBeCloseTo(4, 2);
    expect(curve(9)).toBeCloseTo(0, 2);
    expect(curve(-9)).toBe(curve(0));
    for (let x = -1; x < 4; x += 0.01) expect(curve(x)).toBeGreaterThanOrEqual(0);
  });
});
