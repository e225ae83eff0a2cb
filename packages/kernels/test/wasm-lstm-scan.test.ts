import { lstmScan } from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { describeParity, draw } from './wasm-parity.ts';

const SIZES = pairwise({
  H: [1, 3, 7, 17, 50, 63],
  T: [1, 2, 11, 24],
  B: [1, 2, 15, 16, 17],
  state: ['zero', 'h and c', 'h', 'c'],
});

describeParity(
  'FastWeightsLstmScan',
  SIZES.map(({ H, T, B, state }, i) => ({
    name: `H=${H} T=${T} B=${B} from ${state}`,
    second: T > 1 && i < 6,
    inputs: () => [
      draw(1, [B, T, 4 * H], 2),
      draw(2, [H, 4 * H], 1 / Math.sqrt(H)),
      ...(state.includes('h') ? [draw(3, [B, H])] : []),
      ...(state.includes('c') ? [draw(4, [B, H])] : []),
    ],
    run(drive, recurrentKernel, ...rest) {
      return lstmScan({
        drive: drive as Tensor3D,
        recurrentKernel: recurrentKernel as Tensor2D,
        ...(state.includes('h') && { h: rest[0] as Tensor2D }),
        ...(state.includes('c') && { c: rest.at(-1) as Tensor2D }),
      });
    },
  })),
);
