import {
  add,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';

const EPSILON = 1e-5;

/**
 * LN[x] = gain ∘ (x − μ) / √(σ² + ε) + bias, with μ and σ² over the units of one sample, never over the batch
 * (Ba, Kiros and Hinton 2016).
 *
 * @param x `[..., units]`
 */
export function layerNorm<T extends Tensor>(x: T, gain: Tensor1D, bias: Tensor1D): T {
  return tidy(() => {
    const centred = sub<T>(x, mean(x, -1, true));
    const variance = mean(square(centred), -1, true);
    return add<T>(mul(mul(centred, rsqrt(add(variance, EPSILON))), gain), bias);
  });
}
