import type { Matrix, OracleResult } from './against-oracle.ts';

/**
 * h(t) = ReLU(N[C x(t) + W h(t−1)]) from h(0) = 0, in plain float64 numbers; matrices multiply from the right. N is what
 * the network has there, over the units of one sample: a bias (Le et al. 2015), a layer norm (Ba et al. 2016).
 */
export function rectifiedOracle(
  inputs: readonly Matrix[],
  C: Matrix,
  W: Matrix,
  N: (sums: number[]) => number[],
): OracleResult {
  const pattern: boolean[] = [];
  const outputs = inputs.map((sequence) => {
    let h = W.map(() => 0);
    return sequence.map((x) => {
      const sums = h.map((_, u) => dot(x, C, u) + dot(h, W, u));
      const normed = N(sums);
      pattern.push(...normed.map((a) => a > 0));
      h = normed.map((a) => Math.max(0, a));
      return h;
    });
  });
  return { outputs, pattern };
}

function dot(v: readonly number[], matrix: Matrix, column: number): number {
  return v.reduce((sum, v_i, i) => sum + v_i * (matrix[i]?.[column] as number), 0);
}
