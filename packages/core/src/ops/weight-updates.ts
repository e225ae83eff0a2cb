import {
  addN,
  concat,
  div,
  maximum,
  mul,
  type NamedTensorMap,
  reshape,
  slice,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

// Optimisers update all weights in one call. What they remember about every weight (its moments) stands one after the
// other in one flat tensor, whatever the shapes of the weights.

/** One weight, the gradient that it is to follow, and where its own numbers begin in every moment. */
export interface WeightUpdate {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  readonly offset: number;
}

const weightNames: string[] = [];
const gradientNames: string[] = [];

/** The names of an update's inputs, made once: they are asked for at every step. */
function namesOf(i: number): readonly [weight: string, gradient: string] {
  weightNames[i] ??= `weight${i}`;
  gradientNames[i] ??= `gradient${i}`;
  return [weightNames[i], gradientNames[i]];
}

/** The inputs of a kernel: `weight0`, `gradient0`, `weight1`, … and the moments; its attribute `offsets` has the rest. */
export function updateInputs(
  updates: readonly WeightUpdate[],
  moments: { readonly [name: string]: Tensor1D },
): NamedTensorMap {
  const inputs: NamedTensorMap = { ...moments };
  updates.forEach(({ weight, gradient }, i) => {
    const [weightName, gradientName] = namesOf(i);
    inputs[weightName] = weight;
    inputs[gradientName] = gradient;
  });
  return inputs;
}

/** From one weight, its gradient and its share of every moment, in that order, to the new weight and moments. */
export type UpdateRule = (weight: Tensor, gradient: Tensor, ...moments: Tensor[]) => Tensor[];

/**
 * What each gradient is multiplied by, lest all of them together be longer than `clipNorm`: min(1, clipNorm / ‖g‖).
 * Pascanu et al. 2013.
 */
function clipping(gradients: readonly Tensor[], clipNorm: number): Tensor {
  const norm = sqrt(addN(gradients.map((gradient) => sum(square(gradient)))));
  return div(clipNorm, maximum(norm, clipNorm));
}

/**
 * Applies a rule weight by weight: the new weights, then the new moments, whole. Moments of weights that are not
 * among the updates stay as they are.
 *
 * @param offsets ascending, one for each weight
 * @param clipNorm the most that the norm of all gradients together may be; they are made shorter first
 */
export function updateByWeight(
  inputs: NamedTensorMap,
  offsets: readonly number[],
  moments: readonly Tensor1D[],
  rule: UpdateRule,
  clipNorm?: number,
): Tensor[] {
  const weights: Tensor[] = [];
  const gradients = offsets.map((_, i) => inputs[`gradient${i}`] as Tensor);
  const clip =
    clipNorm === undefined || gradients.length === 0 ? undefined : clipping(gradients, clipNorm);
  const parts = moments.map((): Tensor1D[] => []);
  let end = 0;
  const keepUpTo = (offset: number): void => {
    if (offset === end) return;
    moments.forEach((moment, m) => {
      parts[m]?.push(slice(moment, [end], [offset - end]));
    });
  };
  offsets.forEach((offset, i) => {
    const [weight, given] = [inputs[`weight${i}`], gradients[i]] as [Tensor, Tensor];
    const gradient = clip ? mul(given, clip) : given;
    keepUpTo(offset);
    const own = moments.map((moment) =>
      reshape(slice(moment, [offset], [weight.size]), weight.shape),
    );
    const [updated, ...after] = rule(weight, gradient, ...own);
    weights.push(updated as Tensor);
    after.forEach((moment, m) => {
      parts[m]?.push(reshape(moment, [weight.size]));
    });
    end = offset + weight.size;
  });
  keepUpTo(moments[0]?.size ?? end);
  return [...weights, ...parts.map((part) => concat(part))];
}
