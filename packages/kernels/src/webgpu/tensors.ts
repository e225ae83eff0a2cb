import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf, type WebGpuBackend } from './backend.ts';

/** A new tensor; its numbers are whatever the pool's buffer held. */
export function uninitialised(backend: WebGpuBackend, shape: readonly number[]): TensorInfo {
  const none = sizeOf({ shape }) === 0;
  return backend.makeTensorInfo([...shape], 'float32', none ? new Float32Array(0) : undefined);
}

/** A new tensor of zeros. No dispatch. */
export function zeroed(backend: WebGpuBackend, shape: readonly number[]): TensorInfo {
  const tensor = uninitialised(backend, shape);
  if (sizeOf(tensor) > 0) encoderFor(backend, [tensor]).clearBuffer(bufferOf(backend, tensor));
  return tensor;
}

/** A new tensor with another's numbers, and its shape. No dispatch. */
export function copied(backend: WebGpuBackend, from: TensorInfo): TensorInfo {
  const tensor = uninitialised(backend, from.shape);
  copy(backend, from, tensor);
  return tensor;
}

/** Copies one tensor's numbers over those of another, from an offset on. No dispatch. */
export function copy(
  backend: WebGpuBackend,
  from: TensorInfo,
  to: TensorInfo,
  { fromOffset = 0, toOffset = 0, size = sizeOf(from) }: CopyRange = {},
): void {
  if (size === 0) return;
  const encoder = encoderFor(backend, [from, to]);
  const [source, target] = [bufferOf(backend, from), bufferOf(backend, to)];
  encoder.copyBufferToBuffer(source, 4 * fromOffset, target, 4 * toOffset, 4 * size);
}

/** In numbers. */
interface CopyRange {
  readonly fromOffset?: number;
  readonly toOffset?: number;
  readonly size?: number;
}

/** Where a tensor that was uploaded has its numbers. */
export function bufferOf(backend: WebGpuBackend, { dataId }: TensorInfo): GPUBuffer {
  return backend.tensorMap.get(dataId).resource as GPUBuffer;
}

/** tfjs's encoder, between passes, with these tensors on the GPU until it is submitted. */
function encoderFor(backend: WebGpuBackend, tensors: readonly TensorInfo[]): GPUCommandEncoder {
  for (const { dataId } of tensors) {
    backend.uploadToGPU(dataId);
    backend.commandQueueOwnedIds.add(dataId);
  }
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  return backend.commandEncoder as GPUCommandEncoder;
}
