import {
  type Rank,
  type ShapeMap,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { OptionError } from './errors.ts';
import { normal, type Random, random, uniform } from './random.ts';

/** Fills a new weight. Kernels are `[inputs, outputs]`, so that `x · kernel` is what the paper writes as `C x`. */
export type Initializer = (shape: readonly number[], random: Random) => Tensor;

/** A trainable variable; its values depend on nothing but the initialiser, the shape and the seed. */
export function createWeight<R extends Rank>(
  init: Initializer,
  shape: ShapeMap[R],
  seed: number,
): Variable<R> {
  return tidy(() => variable(init(shape, random(seed)) as Tensor<R>));
}

export function constant(value: number): Initializer {
  return (shape) => fill(shape, () => value);
}

/** `scale · I`: 0.05 for fast weights and 0.5 for the IRNN in the paper. */
export function scaledIdentity(scale: number): Initializer {
  return (shape) => {
    const [rows, columns] = matrixSize('scaledIdentity', shape);
    if (rows !== columns) throw notFor('scaledIdentity', 'square matrix', shape);
    return fill(shape, (i) => (i % (columns + 1) === 0 ? scale : 0));
  };
}

/** Uniform in ±1/√n, where n is the number of weights that leave a unit (the paper's other slow weights). */
export function fanOutUniform(): Initializer {
  return (shape, random) => {
    const limit = 1 / Math.sqrt(matrixSize('fanOutUniform', shape)[1]);
    return fill(shape, () => uniform(random, -limit, limit));
  };
}

/** Uniform in ±√(6 / (inputs + outputs)). */
export function glorotUniform(): Initializer {
  return (shape, random) => {
    const [inputs, outputs] = matrixSize('glorotUniform', shape);
    const limit = Math.sqrt(6 / (inputs + outputs));
    return fill(shape, () => uniform(random, -limit, limit));
  };
}

export function randomNormal(deviation: number): Initializer {
  return (shape, random) => fill(shape, () => deviation * normal(random));
}

/** A matrix whose shorter side is orthonormal, times `gain`. */
export function orthogonal(gain = 1): Initializer {
  return (shape, random) => {
    const [rows, columns] = matrixSize('orthogonal', shape);
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const basis = orthonormalVectors(count, length, random);
    return fill(shape, (i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const [vector, element] = rows < columns ? [row, column] : [column, row];
      return gain * (basis[vector]?.[element] as number);
    });
  };
}

/** Gram–Schmidt, each vector cleaned twice, which is enough to be orthogonal to rounding. */
function orthonormalVectors(count: number, length: number, random: Random): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length }, () => normal(random));
    for (const u of [...basis, ...basis]) {
      const overlap = dot(u, v);
      for (let i = 0; i < length; i++) v[i] = (v[i] as number) - overlap * (u[i] as number);
    }
    const norm = Math.sqrt(dot(v, v));
    basis.push(v.map((x) => x / norm));
  }
  return basis;
}

function dot(u: Float64Array, v: Float64Array): number {
  return u.reduce((sum, x, i) => sum + x * (v[i] as number), 0);
}

function fill(shape: readonly number[], value: (index: number) => number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => value(i)),
    [...shape],
    'float32',
  );
}

function matrixSize(initializer: string, shape: readonly number[]): readonly [number, number] {
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw notFor(initializer, 'matrix', shape);
  }
  return [rows, columns];
}

function notFor(initializer: string, kind: string, shape: readonly number[]): OptionError {
  return new OptionError(
    `the shape for ${initializer}`,
    `that of a ${kind}`,
    `[${shape.join(', ')}]`,
  );
}
