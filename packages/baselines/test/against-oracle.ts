import { type RecurrentCell, random, uniform, unroll, walkWeights } from '@fastweights/core';
import {
  centralDifferences,
  expectClose,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import {
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor3D,
  type TensorContainerObject,
  tensor,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';

export type Matrix = number[][];

/** `x`, the sequences, and every weight by its name. */
type Values = Readonly<Record<string, Nested>>;

export interface OracleResult {
  /** By sample and step. */
  readonly outputs: readonly Matrix[];
  /** On which side of its kinks everything is. */
  readonly pattern: readonly boolean[];
}

/** Numbers between −size and size. */
export function draw(seed: number, shape: readonly number[], size: number): Nested {
  const stream = random(seed);
  const fill = ([first, ...rest]: readonly number[]): Nested =>
    first === undefined
      ? uniform(stream, -size, size)
      : Array.from({ length: first }, () => fill(rest));
  return fill(shape);
}

/** Gives all weights of a cell numbers that are no special case, and compares outputs and gradients with its oracle. */
export function expectOracle<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  oracle: (values: Values) => OracleResult,
  size = 1,
): void {
  const weights = [...walkWeights(cell.weights)];
  tidy(() => {
    weights.forEach(([, weight], i) => {
      weight.assign(tensor(flatten(draw(i + 1, weight.shape, size)), weight.shape));
    });
  });
  const x = tensor3d(draw(9, [3, 5, cell.inputSize], 2) as number[][][]);
  const leaves: (readonly [string, Tensor])[] = [['x', x], ...weights];
  // What the cell has in float32 is exactly what the oracle gets.
  const values: Values = Object.fromEntries(
    leaves.map(([name, leaf]) => [name, leaf.arraySync() as Nested]),
  );
  expectClose(unroll(cell, x)[0], oracle(values).outputs);

  const squares = (input: Tensor): Tensor => {
    const [outputs] = unroll(cell, input as Tensor3D);
    return sum(mul(outputs, outputs));
  };
  const gradients = grads(squares)(leaves.map(([, leaf]) => leaf));
  for (const [i, [name]] of leaves.entries()) {
    const expected = centralDifferences(
      (flat) => {
        const varied = { ...values, [name]: unflatten(flat, values[name] as Nested) };
        const { outputs, pattern } = oracle(varied);
        return { value: flatten(outputs).reduce((s, y) => s + y * y, 0), pattern };
      },
      flatten(values[name] as Nested),
    );
    expectClose(gradients[i] as Tensor, expected, {}, `gradient of ${name}`);
  }
}
