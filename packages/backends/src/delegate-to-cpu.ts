import {
  engine,
  getKernel,
  type KernelBackend,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/**
 * What tfjs's wasm backend does not have, and MaxPoolGrad, whose result is wrong where a window is all negative. The
 * cpu backend's kernels do the work, on copies.
 */
const DELEGATED = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
  'MaxPoolGrad',
];

type Values = Float32Array | Int32Array | Uint8Array;

interface CpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: string, values: Values): TensorInfo;
  disposeIntermediateTensorInfo(info: TensorInfo): void;
}

interface WasmBackend extends KernelBackend {
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Values;
}

/** Lets the cpu backend's kernels stand in for those that a backend lacks or gets wrong. */
export function delegateToCpu(backendName: 'wasm'): void {
  for (const kernelName of DELEGATED) {
    const onCpu = getKernel(kernelName, 'cpu');
    if (!onCpu) throw new Error(`tfjs's cpu backend has no kernel ${kernelName}`);
    if (getKernel(kernelName, backendName)) unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc: delegate(onCpu.kernelFunc) });
  }
}

function delegate(kernelFunc: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const cpu = engine().findBackend('cpu') as CpuBackend;
    const own = backend as WasmBackend;
    const copies: Record<string, TensorInfo> = {};
    for (const [name, input] of Object.entries(inputs)) {
      if (!input) continue;
      const values = own.readSync(input.dataId) as Values;
      copies[name] = cpu.makeTensorInfo(input.shape, input.dtype, values.slice());
    }
    const results = kernelFunc({ inputs: copies, backend: cpu, ...(attrs && { attrs }) });
    const outputs = [results].flat().map((result) => {
      const output = own.makeOutput(result.shape, result.dtype);
      own.typedArrayFromHeap(output).set(cpu.readSync(result.dataId) as Values);
      cpu.disposeIntermediateTensorInfo(result);
      return output;
    });
    for (const copy of Object.values(copies)) cpu.disposeIntermediateTensorInfo(copy);
    return Array.isArray(results) ? outputs : (outputs[0] as TensorInfo);
  };
}
