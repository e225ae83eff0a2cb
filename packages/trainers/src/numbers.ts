import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

export type Numbers = Float32Array | undefined;

/**
 * Numbers where they are, until the next tensor is made; nothing where a backend has them elsewhere, as on a GPU. Reading
 * makes a copy, and a promise.
 */
export function numbersNow(tensors: readonly (Tensor | undefined)[]): Numbers[] | undefined {
  const { backend, backendName } = engine();
  if (backendName === 'cpu') return tensors.map((t) => t?.dataSync<'float32'>());
  // Of tfjs's wasm backend.
  const wasm = backend as { typedArrayFromHeap?(info: TensorInfo): Float32Array };
  return wasm.typedArrayFromHeap && tensors.map((t) => t && wasm.typedArrayFromHeap?.(t));
}

export const numbersLater = (tensors: readonly (Tensor | undefined)[]): Promise<Numbers[]> =>
  Promise.all(tensors.map((t) => t?.data<'float32'>()));
