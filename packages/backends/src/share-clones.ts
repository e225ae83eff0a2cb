import {
  getKernel,
  Identity,
  type KernelBackend,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/**
 * tfjs's wasm backend copies a tensor where others count one reference more; gradients clone every tensor that they
 * save. No kernel of that backend changes its inputs, and its `reshape` shares them too.
 */
export function shareClones(backendName: 'wasm'): void {
  if (getKernel(Identity, backendName)?.kernelFunc === shared) return;
  unregisterKernel(Identity, backendName);
  registerKernel({ kernelName: Identity, backendName, kernelFunc: shared });
}

const shared: KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs['x'] as TensorInfo;
  (backend as KernelBackend).incRef(dataId);
  return { dataId, shape, dtype };
};
