import type { WebGpuBackend } from './backend.ts';

const tables = new WeakMap<GPUDevice, WeakMap<Int32Array, GPUBuffer>>();

/** Whole numbers that never change, uploaded at their first use on a device. */
export function tableBuffer({ device, queue }: WebGpuBackend, numbers: Int32Array): GPUBuffer {
  let known = tables.get(device);
  if (!known) {
    known = new WeakMap();
    tables.set(device, known);
  }
  let buffer = known.get(numbers);
  if (!buffer) {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.STORAGE;
    buffer = device.createBuffer({ size: numbers.byteLength, usage });
    queue.writeBuffer(buffer, 0, numbers as Int32Array<ArrayBuffer>);
    known.set(numbers, buffer);
  }
  return buffer;
}

/** Buffers of uniforms of one pipeline, by what is in them. */
export type UniformCache = Map<string, GPUBuffer>;

/** Sizes come back at every step of training; what has more variety than this, such as Adam's corrections, does not. */
const MOST_CACHED = 16;

/** A buffer with u32 and then f32 numbers. */
export function uniformBuffer(
  backend: WebGpuBackend,
  cache: UniformCache,
  sizes: readonly number[],
  factors: readonly number[],
): GPUBuffer {
  const key = `${sizes}|${factors}`;
  const known = cache.get(key);
  if (known) return known;
  // WGSL wants at least one field, and whole vectors.
  const length = Math.max(4, Math.ceil((sizes.length + factors.length) / 4) * 4);
  const values = new ArrayBuffer(4 * length);
  new Uint32Array(values, 0, sizes.length).set(sizes);
  new Float32Array(values, 4 * sizes.length, factors.length).set(factors);
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
  const size = values.byteLength;
  let buffer: GPUBuffer;
  if (cache.size < MOST_CACHED) {
    buffer = backend.device.createBuffer({ size, usage });
    cache.set(key, buffer);
  } else {
    // The pool gets it back after the submission that uses it.
    buffer = backend.bufferManager.acquireBuffer(size, usage);
    backend.uniformPendingDisposal.push(buffer);
  }
  // The queue writes before anything that is not yet submitted runs.
  backend.queue.writeBuffer(buffer, 0, values);
  return buffer;
}
