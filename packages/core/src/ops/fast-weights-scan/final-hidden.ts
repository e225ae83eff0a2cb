import { type Tensor2D, type Tensor3D, tidy, where, zerosLike } from '@tensorflow/tfjs-core';
import { type Control, stepBits } from '../../control.ts';
import { stepOf } from '../step-of.ts';

/** The hidden state that a scan leaves behind: the last output, or zero where the last step wiped it. */
export function finalHidden(outputs: Tensor3D, control: Control): Tensor2D {
  return tidy(() => {
    const last = stepOf(outputs);
    const { wipe } = stepBits(control, outputs.shape[1] - 1);
    if (wipe === false) return last;
    return wipe === true ? zerosLike(last) : where(wipe, zerosLike(last), last);
  });
}
