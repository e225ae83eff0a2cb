import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/**
 * Whether the module can read these inputs: float32, or int32 where it expects integers, and not empty. Whatever else
 * does not fit is declined with them, so that the reference says what is wrong.
 */
export function arePlainNumbers(inputs: NamedTensorMap, integers?: string): boolean {
  for (const name in inputs) {
    const { dtype, size } = inputs[name] as Tensor;
    if (size === 0 || dtype !== (name === integers ? 'int32' : 'float32')) return false;
  }
  return true;
}
