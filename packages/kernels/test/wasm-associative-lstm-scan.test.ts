import {
  associativeLstmLastState,
  associativeLstmScan,
  permutation,
  random,
} from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { describeParity, draw } from './wasm-parity.ts';

const SIZES = pairwise({
  H: [2, 6, 14, 34],
  T: [1, 2, 11, 24],
  B: [1, 2, 15, 16, 17],
  heads: [1, 2, 3],
  copies: [1, 3, 4],
  state: ['zero', 'h and c', 'h', 'c'],
});

for (const [kernelName, scan] of [
  ['FastWeightsAssociativeLstmScan', associativeLstmScan],
  ['FastWeightsAssociativeLstmLastState', associativeLstmLastState],
] as const) {
  describeParity(
    kernelName,
    SIZES.map(({ H, T, B, heads, copies, state }, i) => {
      const width = ((1 + 8 * heads) * H) / 2;
      const stream = random(7);
      const attrs = {
        heads,
        permutations: Array.from({ length: copies }, () => [...permutation(stream, H / 2)]),
      };
      return {
        name: `H=${H} T=${T} B=${B}, ${heads} heads, ${copies} copies, from ${state}`,
        second: T > 1 && T < 11 && i < 12,
        // Large enough to reach the bound, and to stay within it.
        inputs: () => [
          draw(1, [B, T, width], 1.5),
          draw(2, [H, width], 1 / Math.sqrt(H)),
          ...(state.includes('h') ? [draw(3, [B, H])] : []),
          ...(state.includes('c') ? [draw(4, [B, copies, H])] : []),
        ],
        run(drive: Tensor, recurrentKernel: Tensor, ...rest: Tensor[]) {
          return scan(
            {
              drive: drive as Tensor3D,
              recurrentKernel: recurrentKernel as Tensor2D,
              ...(state.includes('h') && { h: rest[0] as Tensor2D }),
              ...(state.includes('c') && { c: rest.at(-1) as Tensor3D }),
            },
            attrs,
          );
        },
      };
    }),
  );
}
