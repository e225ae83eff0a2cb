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

export type AdamUpdateAttrs = {
  /** How many updates there are with this one. */
  readonly updates: number;
  /** α */
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The most that the norm of all gradients together may be; longer ones are shortened first. */
  readonly clipNorm?: number;
};

/** Moments of all weights, one after the other. */
export type AdamMoments = { readonly mean: Tensor1D; readonly square: Tensor1D };

const run = fusableUpdate<AdamUpdateAttrs & { readonly offsets: readonly number[] }>({
  kernelName: 'FastWeightsAdamUpdate',
  reference(inputs, attrs) {
    const { updates, learningRate, beta1, beta2, epsilon, offsets, clipNorm } = attrs;
    const moments = [inputs['mean'], inputs['square']] as Tensor1D[];
    const rule: UpdateRule = (w, g, m, v) => {
      const mean = add(mul(m as Tensor, beta1), mul(g, 1 - beta1));
      const meanSquare = add(mul(v as Tensor, beta2), mul(square(g), 1 - beta2));
      const mHat = div(mean, 1 - beta1 ** updates);
      const vHat = div(meanSquare, 1 - beta2 ** updates);
      const next = sub(w, mul(div(mHat, add(sqrt(vHat), epsilon)), learningRate));
      return [next, mean, meanSquare];
    };
    return updateByWeight(inputs, offsets, moments, rule, clipNorm);
  },
});

/**
 * One update of Adam (Kingma and Ba 2015):
 *
 *     m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      w ← w − α m̂ / (√v̂ + ε)
 *
 * where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) after t updates. Nothing is changed in place.
 */
export function adamUpdate(
  updates: readonly WeightUpdate[],
  moments: AdamMoments,
  attrs: AdamUpdateAttrs,
): AdamMoments & { readonly weights: Tensor[] } {
  const offsets = updates.map(({ offset }) => offset);
  const results = run(updateInputs(updates, moments), { ...attrs, offsets });
  const [mean, meanSquare] = results.splice(updates.length) as [Tensor1D, Tensor1D];
  return { weights: results, mean, square: meanSquare };
}
