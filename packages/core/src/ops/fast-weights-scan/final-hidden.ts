import {
  slice,
  squeeze,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type Control, stepBits } from '../../control.ts';

/** The hidden state that a scan leaves behind: the last output, or zero where the last step wiped it. */
export function finalHidden(outputs: Tensor3D, control: Control): Tensor2D {
  return tidy(() => {
    const [batchSize, steps, units] = outputs.shape;
    const last = squeeze<Tensor2D>(slice(outputs, [0, steps - 1, 0], [batchSize, 1, units]), [1]);
    const { wipe } = stepBits(control, steps - 1);
    if (wipe === false) return last;
    return wipe === true ? zerosLike(last) : where(wipe, zerosLike(last), last);
  });
}
