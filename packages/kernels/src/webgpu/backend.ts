import { type DataType, engine, type KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core';

/** Where tfjs keeps a tensor's numbers: on the CPU until something needs them on the GPU. */
interface TensorData {
  readonly resource: GPUBuffer | null;
}

/**
 * What of tfjs's WebGPUBackend (4.22) the kernels lean on. Kernels encode into tfjs's own command encoder, so that all
 * commands stay in order.
 */
export interface WebGpuBackend extends KernelBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly bufferManager: { acquireBuffer(size: number, usage: number): GPUBuffer };
  readonly tensorMap: { get(dataId: object): TensorData };
  /** Data that commands not yet submitted use: disposed of, it is released after the submission. */
  readonly commandQueueOwnedIds: { add(dataId: object): void };
  readonly uniformPendingDisposal: GPUBuffer[];
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(
    shape: readonly number[],
    dtype: DataType,
    values?: Float32Array | Int32Array,
  ): TensorInfo;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** What the GPU of the active backend can hold; WebGPU's guaranteed least where it cannot be asked. */
export function activeLimits(): Limits {
  const { device } = engine().backend as Partial<WebGpuBackend>;
  return device?.limits ?? LEAST_LIMITS;
}

export type Limits = Pick<
  GPUSupportedLimits,
  | 'maxComputeInvocationsPerWorkgroup'
  | 'maxComputeWorkgroupSizeX'
  | 'maxComputeWorkgroupStorageSize'
  | 'maxStorageBuffersPerShaderStage'
  | 'maxStorageBufferBindingSize'
>;

const LEAST_LIMITS: Limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 2 ** 27,
};

export const sizeOf = ({ shape }: { readonly shape: readonly number[] }): number =>
  shape.reduce((size, length) => size * length, 1);
