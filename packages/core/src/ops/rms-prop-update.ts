import {
  add,
  div,
  mul,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { fusableUpdate } from '../fusable.ts';
import {
  type UpdateRule,
  updateByWeight,
  updateInputs,
  type WeightUpdate,
} from './weight-updates.ts';

export type RmsPropUpdateAttrs = {
  /** α */
  readonly learningRate: number;
  /** ρ */
  readonly decay: number;
  readonly epsilon: number;
  /** The most that the norm of all gradients together may be; longer ones are shortened first. */
  readonly clipNorm?: number;
};

/** Moments of all weights, one after the other. */
export type RmsPropMoments = { readonly square: Tensor1D };

const run = fusableUpdate<RmsPropUpdateAttrs & { readonly offsets: readonly number[] }>({
  kernelName: 'FastWeightsRmsPropUpdate',
  reference(inputs, { learningRate, decay, epsilon, offsets, clipNorm }) {
    const moments = [inputs['square']] as Tensor1D[];
    const rule: UpdateRule = (w, g, v) => {
      const meanSquare = add(mul(v as Tensor, decay), mul(square(g), 1 - decay));
      return [sub(w, mul(div(g, sqrt(add(meanSquare, epsilon))), learningRate)), meanSquare];
    };
    return updateByWeight(inputs, offsets, moments, rule, clipNorm);
  },
});

/**
 * One update of RMSProp without momentum, in the form that A3C shares among its workers (Mnih et al. 2016, eq. 8 and 9):
 *
 *     v ← ρ v + (1 − ρ) g²      w ← w − α g / √(v + ε)
 *
 * Nothing is changed in place.
 */
export function rmsPropUpdate(
  updates: readonly WeightUpdate[],
  moments: RmsPropMoments,
  attrs: RmsPropUpdateAttrs,
): RmsPropMoments & { readonly weights: Tensor[] } {
  const offsets = updates.map(({ offset }) => offset);
  const results = run(updateInputs(updates, moments), { ...attrs, offsets });
  const [meanSquare] = results.splice(updates.length) as [Tensor1D];
  return { weights: results, square: meanSquare };
}
