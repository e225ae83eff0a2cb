import {
  checkKeys,
  checkRange,
  disposeWeights,
  loadWeights,
  type Optimizer,
  readSafetensors,
  saveWeights,
  type Weights,
  WeightsError,
  walkWeights,
} from '@fastweights/core';
import {
  add,
  div,
  mul,
  type NamedTensorMap,
  scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core';

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

interface Moments {
  readonly weight: Variable;
  readonly mean: Variable;
  readonly square: Variable;
}

/**
 * Adam (Kingma and Ba 2015) over all weights of a model:
 *
 *     m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      w ← w − α m̂ / (√v̂ + ε)
 *
 * where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) after t updates.
 */
export function adam(weights: Weights, options: AdamOptions = {}): Optimizer {
  checkKeys('adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon']);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkRange('learningRate', learningRate, 0, Number.MAX_VALUE);
  checkRange('beta1', beta1, 0, 1 - Number.EPSILON);
  checkRange('beta2', beta2, 0, 1 - Number.EPSILON);
  checkRange('epsilon', epsilon, 0, Number.MAX_VALUE);

  const moments = new Map<string, Moments>();
  for (const [path, weight] of walkWeights(weights)) {
    const zero = (): Variable => tidy(() => variable(zerosLike(weight), false));
    moments.set(path, { weight, mean: zero(), square: zero() });
  }
  const updates = tidy(() => variable(scalar(0), false));
  let t = 0;

  function update({ weight, mean: m, square: v }: Moments, g: Tensor): void {
    m.assign(add(mul(m, beta1), mul(g, 1 - beta1)));
    v.assign(add(mul(v, beta2), mul(square(g), 1 - beta2)));
    const mHat = div(m, 1 - beta1 ** t);
    const vHat = div(v, 1 - beta2 ** t);
    weight.assign(sub(weight, mul(div(mHat, add(sqrt(vHat), epsilon)), learningRate)));
  }

  /** Everything that is saved: per weight its two moments, and how many updates there were. */
  const state: Weights = {
    updates,
    mean: Object.fromEntries([...moments].map(([path, { mean }]) => [path, mean])),
    square: Object.fromEntries([...moments].map(([path, own]) => [path, own.square])),
  };

  return {
    apply(gradients: NamedTensorMap) {
      for (const path of Object.keys(gradients)) {
        if (!moments.has(path)) throw new WeightsError(path, `adam has no weight ${path}.`);
      }
      tidy(() => {
        t++;
        updates.assign(scalar(t));
        for (const [path, gradient] of Object.entries(gradients)) {
          update(moments.get(path) as Moments, gradient);
        }
      });
    },
    save: () => saveWeights(state),
    load(bytes) {
      loadWeights(state, bytes);
      t = readSafetensors(bytes).tensors.get('updates')?.values[0] ?? 0;
    },
    dispose: () => disposeWeights(state),
  };
}
