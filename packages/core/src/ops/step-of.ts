import { slice, squeeze, type Tensor2D, type Tensor3D, tidy } from '@tensorflow/tfjs-core';

/** One step of a sequence, by default the last: `[batch, time, units]` → `[batch, units]`. */
export function stepOf(sequence: Tensor3D, index: number = sequence.shape[1] - 1): Tensor2D {
  const [batchSize, , units] = sequence.shape;
  return tidy(() => squeeze(slice(sequence, [0, index, 0], [batchSize, 1, units]), [1]));
}
