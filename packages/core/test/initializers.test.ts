import { expectClose } from '@fastweights/testing';
import { matMul, type Tensor2D, transpose } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  constant,
  createWeight,
  fanOutUniform,
  glorotUniform,
  type Initializer,
  OptionError,
  orthogonal,
  random,
  randomNormal,
  scaledIdentity,
} from '../src/index.ts';

const values = (init: Initializer, rows: number, columns: number): number[] => [
  ...init([rows, columns], random(1)).dataSync(),
];
const largest = (xs: number[]): number => Math.max(...xs.map(Math.abs));

describe('initialisers', () => {
  it('scaledIdentity is the scale on the diagonal', () => {
    expectClose(values(scaledIdentity(0.5), 3, 3), [0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5]);
    expect(() => values(scaledIdentity(0.5), 2, 3)).toThrow(OptionError);
  });

  it('fanOutUniform is within ±1/√n for n outgoing weights', () => {
    const xs = values(fanOutUniform(), 50, 400);
    expect(largest(xs)).toBeLessThanOrEqual(1 / Math.sqrt(400));
    expect(largest(xs)).toBeGreaterThan(0.99 / Math.sqrt(400));
  });

  it('glorotUniform is within ±√(6/(inputs+outputs))', () => {
    const xs = values(glorotUniform(), 50, 400);
    expect(largest(xs)).toBeLessThanOrEqual(Math.sqrt(6 / 450));
    expect(largest(xs)).toBeGreaterThan(0.99 * Math.sqrt(6 / 450));
  });

  it('randomNormal has the deviation asked for', () => {
    const xs = values(randomNormal(0.3), 100, 100);
    expect(Math.sqrt(xs.reduce((s, x) => s + x * x, 0) / xs.length)).toBeCloseTo(0.3, 2);
  });

  it.each([
    [6, 6],
    [3, 7],
    [7, 3],
  ])('orthogonal [%i, %i] is orthonormal along its shorter side', (rows, columns) => {
    const q = orthogonal(2)([rows, columns], random(2)) as Tensor2D;
    const short = rows < columns ? q : transpose(q);
    const n = Math.min(rows, columns);
    const identity = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 4 : 0));
    expectClose(matMul(short, transpose(short)), identity, { relative: 1e-6 });
  });

  it('constant fills any shape, and a matrix is needed elsewhere', () => {
    expect([...constant(3)([2, 1, 2], random(1)).dataSync()]).toEqual([3, 3, 3, 3]);
    expect(() => glorotUniform()([3], random(1))).toThrow('must be that of a matrix');
  });

  it('createWeight depends on the seed and on nothing else', () => {
    const weight = (seed: number) => [
      ...createWeight(randomNormal(1), [4, 4] as [number, number], seed).dataSync(),
    ];
    expect(weight(1)).toEqual(weight(1));
    expect(weight(1)).not.toEqual(weight(2));
  });
});
