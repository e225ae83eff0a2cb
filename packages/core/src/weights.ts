import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { WeightsError } from './errors.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';

/** The weights of a model, as a nested record; its paths (`cell.recurrentKernel`) name them on disk. */
export type Weights = { readonly [name: string]: Variable | Weights };

function isVariable(node: Variable | Weights): node is Variable {
  return typeof node['assign'] === 'function';
}

/** All weights with their paths, in the order in which they were written down. */
export function* walkWeights(weights: Weights, prefix = ''): Generator<[path: string, Variable]> {
  for (const [name, node] of Object.entries(weights)) {
    const path = prefix + name;
    if (isVariable(node)) yield [path, node];
    else yield* walkWeights(node, `${path}.`);
  }
}

/** How many numbers there are to learn. */
export function countWeights(weights: Weights): number {
  return [...walkWeights(weights)].reduce((sum, [, weight]) => sum + weight.size, 0);
}

export function disposeWeights(weights: Weights): void {
  for (const [, weight] of walkWeights(weights)) weight.dispose();
}

/** The weights as a safetensors file, with a text for each key of `metadata`. */
export async function saveWeights(
  weights: Weights,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const tensors = new Map<string, StoredTensor>();
  for (const [path, weight] of walkWeights(weights)) {
    const values = (await weight.data()) as Float32Array;
    if (tensors.has(path)) throw new WeightsError(path, `Two weights have the path ${path}.`);
    tensors.set(path, { shape: weight.shape, values: values.slice() });
  }
  return writeSafetensors(tensors, metadata);
}

/** Puts stored values in place. Everything is checked first: on an error no weight has changed. */
export function loadWeights(weights: Weights, bytes: Uint8Array): void {
  const { tensors } = readSafetensors(bytes);
  const stored = new Map(tensors);
  const found: [Variable, StoredTensor][] = [];
  for (const [path, weight] of walkWeights(weights)) {
    const values = stored.get(path);
    if (!values) {
      const names = [...tensors.keys()].join(', ') || 'nothing';
      throw new WeightsError(path, `The weight ${path} is missing; the file holds ${names}.`);
    }
    if (values.shape.join() !== weight.shape.join()) {
      const [want, have] = [weight.shape.join(', '), values.shape.join(', ')];
      throw new WeightsError(
        path,
        `The weight ${path} must be [${want}], but the file has [${have}].`,
      );
    }
    const bad = values.values.find((value) => !Number.isFinite(value));
    if (bad !== undefined)
      throw new WeightsError(path, `The weight ${path} in the file holds ${bad}.`);
    found.push([weight, values]);
    stored.delete(path);
  }
  for (const path of stored.keys()) {
    throw new WeightsError(
      path,
      `The file holds a weight ${path}, which this model does not have.`,
    );
  }
  for (const [weight, { shape, values }] of found) {
    tidy(() => weight.assign(tensor(values, [...shape], 'float32')));
  }
}
