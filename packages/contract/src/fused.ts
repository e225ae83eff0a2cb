import {
  getBackend,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

const fusedKernels = (backendName: string): KernelConfig[] =>
  getKernelsForBackend(backendName).filter(({ kernelName }) =>
    kernelName.startsWith('FastWeights'),
  );

/** Runs work with other kernels, or none, in the places of a backend's fused kernels. */
async function withKernels<T>(
  backendName: string,
  replace: (kernel: KernelConfig) => KernelConfig | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const kernels = fusedKernels(backendName);
  for (const kernel of kernels) {
    unregisterKernel(kernel.kernelName, backendName);
    const other = replace(kernel);
    if (other) registerKernel(other);
  }
  try {
    return await work();
  } finally {
    for (const kernel of kernels) {
      if (getKernel(kernel.kernelName, backendName))
        unregisterKernel(kernel.kernelName, backendName);
      registerKernel(kernel);
    }
  }
}

/** Runs work as if a backend had no fused kernels. */
export const withoutFused = <T>(backendName: string, work: () => Promise<T>): Promise<T> =>
  withKernels(backendName, () => undefined, work);

/**
 * Runs work, and throws unless it went through the active backend's fused kernels. Of each list of names, the first that
 * the backend has is what must run; where it has none of them, the reference does.
 */
export async function throughFused<T>(
  wanted: readonly (readonly string[])[],
  work: () => Promise<T>,
): Promise<T> {
  const backendName = getBackend();
  const called = new Set<string>();
  const counted = (kernel: KernelConfig): KernelConfig => ({
    ...kernel,
    kernelFunc(args) {
      called.add(kernel.kernelName);
      return kernel.kernelFunc(args);
    },
  });
  const result = await withKernels(backendName, counted, work);
  for (const names of wanted) {
    const name = names.find((one) => getKernel(one, backendName));
    if (name && !called.has(name)) {
      throw new Error(`${name} of ${backendName} did not run, but only ${[...called].join(', ')}`);
    }
  }
  return result;
}
