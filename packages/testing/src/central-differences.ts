/**
 * Gradients from function values alone: (L(v + step·d) − L(v − step·d)) / (2 step), whose error is
 * O(step²) as long as L is smooth in between. A ReLU network is not smooth where a pre-activation
 * passes through 0, so a loss also tells on which side of 0 each of them is.
 */

export interface Evaluation {
  readonly value: number;
  /** Whether each pre-activation is positive, always in the same order. */
  readonly pattern: readonly boolean[];
}

export type Loss = (values: number[]) => Evaluation;

export type Nested = number | readonly Nested[];

/** A pre-activation changes its sign between the two points: draw another sample. */
export class KinkError extends Error {
  override readonly name: string = 'KinkError';
}

/** dL/dv_i for every element of `values`. */
export function centralDifferences(loss: Loss, values: readonly number[], step = 1e-5): number[] {
  return values.map((value, i) =>
    difference(
      loss,
      values.with(i, value + step),
      values.with(i, value - step),
      step,
      `element ${i}`,
    ),
  );
}

/** dL/dε of v + ε·direction at ε = 0: the gradient's product with `direction` (not normalised). */
export function directionalDifference(
  loss: Loss,
  values: readonly number[],
  direction: readonly number[],
  step = 1e-5,
): number {
  if (direction.length !== values.length) {
    throw new Error(`${values.length} values need a direction as long, not ${direction.length}`);
  }
  const moved = (distance: number): number[] =>
    values.map((value, i) => value + distance * (direction[i] ?? Number.NaN));
  return difference(loss, moved(step), moved(-step), step, 'the given direction');
}

function difference(
  loss: Loss,
  ahead: number[],
  behind: number[],
  step: number,
  where: string,
): number {
  const plus = loss(ahead);
  const minus = loss(behind);
  if (!Number.isFinite(plus.value) || !Number.isFinite(minus.value)) {
    throw new Error(`${where}: the loss is ${plus.value} ahead and ${minus.value} behind`);
  }
  if (plus.pattern.length !== minus.pattern.length) {
    throw new Error(`${where}: the loss has more pre-activations at one point than at the other`);
  }
  const kink = plus.pattern.findIndex((positive, i) => positive !== minus.pattern[i]);
  if (kink >= 0) {
    throw new KinkError(
      `${where}: pre-activation ${kink} changes its sign within ±${step}; draw another sample`,
    );
  }
  return (plus.value - minus.value) / (2 * step);
}

/** Every number of a nested array (or of a list of nested arrays), in reading order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** The inverse of flatten: `values` in the nesting of `like`. */
export function unflatten<const T extends Nested>(values: readonly number[], like: T): T {
  const rest = values.values();
  const take = (shape: Nested): Nested => {
    if (typeof shape !== 'number') return shape.map(take);
    const next = rest.next();
    if (next.done) throw new Error(`${values.length} values are too few for the nesting`);
    return next.value;
  };
  const nested = take(like) as T;
  if (!rest.next().done) throw new Error(`${values.length} values are too many for the nesting`);
  return nested;
}
