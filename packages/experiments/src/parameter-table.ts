import { countWeights, type Weights } from '@fastweights/core';

/** A model's name, the numbers it learns in each of its parts, and in all. */
export type ParameterRow = {
  readonly model: string;
  readonly [part: string]: number | string;
  readonly total: number;
};

/**
 * How many numbers models learn, part by part, so that they can be compared.
 *
 * @example
 * console.table(parameterTable({ 'fast weights': model, LSTM: rival }));
 */
export function parameterTable(
  models: Readonly<Record<string, { readonly weights: Weights }>>,
): ParameterRow[] {
  return Object.entries(models).map(([model, { weights }]) => {
    const parts = Object.entries(weights).map(([part, node]) => [
      part,
      countWeights({ [part]: node }),
    ]);
    return { model, ...Object.fromEntries(parts), total: countWeights(weights) };
  });
}
