import type { Tensor } from '@tensorflow/tfjs-core';
import { NotFiniteError, OptionError, ShapeError } from './errors.ts';

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `a ${typeof value}`;
  }
}

/** Throws unless every key of an options object is known: a misspelt option would be silently ignored. */
export function checkKeys(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(`options of ${owner}`, 'an object', show(options));
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new OptionError(`options of ${owner}`, `among ${known.join(', ')}`, show(key));
    }
  }
}

export function checkInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new OptionError(name, `a whole number of at least ${least}`, show(value));
  }
}

export function checkRange(name: string, value: number, least: number, most: number): void {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new OptionError(name, `a number ${range}`, show(value));
  }
}

export function checkChoice(name: string, value: unknown, choices: readonly unknown[]): void {
  if (!choices.includes(value)) {
    throw new OptionError(name, `one of ${choices.map(show).join(', ')}`, show(value));
  }
}

/** Throws unless the tensor has this shape; a name such as `'batch'` stands for any size. */
export function checkShape(
  name: string,
  tensor: Tensor | undefined,
  shape: readonly (number | string)[],
  dtype: 'float32' | 'int32' = 'float32',
): void {
  const expected = `a ${dtype} tensor of shape [${shape.join(', ')}]`;
  if (!tensor?.shape)
    throw new ShapeError(name, expected, tensor === undefined ? 'missing' : 'not a tensor');
  if (tensor.isDisposed) throw new ShapeError(name, expected, 'disposed already');
  const fits =
    tensor.dtype === dtype &&
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis]);
  if (!fits) throw new ShapeError(name, expected, `${tensor.dtype} [${tensor.shape.join(', ')}]`);
}

let checking = false;

/**
 * Switches numeric checks on or off; they are off by default. While they are on, cells look for NaN and
 * infinities in what they are given. That reads every input back, which is slow, and which a backend without
 * synchronous reads (WebGPU) refuses: a tool for finding a fault, not for training.
 */
export function setNumericChecks(on: boolean): void {
  checking = on;
}

export const checksNumbers = (): boolean => checking;

export function checkFinite(name: string, tensor: Tensor): void {
  if (!checking) return;
  const values = tensor.dataSync();
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const index: number[] = [];
  let rest = bad;
  for (const size of [...tensor.shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  throw new NotFiniteError(name, `${values[bad]} at [${index.join(', ')}]`);
}
