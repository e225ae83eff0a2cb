import { checkFinite, checkShape, ShapeError } from '@fastweights/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Throws unless a state has just these tensors, of these shapes. */
export function checkState<State extends Readonly<Record<string, Tensor>>>(
  state: State,
  shapes: { readonly [Name in keyof State & string]: readonly number[] },
): void {
  const wanted = Object.keys(shapes).sort().join(', ');
  const keys = Object.keys(state).sort().join(', ');
  if (keys !== wanted)
    throw new ShapeError('state', `an object with ${wanted}`, `one with ${keys}`);
  for (const [name, shape] of Object.entries<readonly number[]>(shapes)) {
    checkShape(`state.${name}`, state[name], shape);
    checkFinite(`state.${name}`, state[name] as Tensor);
  }
}
