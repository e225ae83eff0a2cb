import { FastWeightsError, type FusedKernel } from '@fastweights/core';
import type { KernelBackend, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Exports } from './exports.ts';
import { ownMemory } from './own-memory.ts';
import { type TfjsWasm, tfjsHeap } from './tfjs-heap.ts';

/** One call of a kernel: where its numbers are, in bytes from the start of the module's memory. */
export interface Call {
  readonly wasm: Exports;
  /** Where an input's numbers are; 0 where there is no such input. */
  address(name: string): number;
  /** Room for a result. */
  output(shape: readonly number[]): Output;
  /** Room to work in, until the call ends; its numbers are whatever was there. */
  scratch(floats: number): number;
  /** Numbers of the host's own, until the call ends. */
  constants(values: Int32Array | Float32Array): number;
}

/** A result, float32. */
export interface Output {
  readonly address: number;
  readonly shape: readonly number[];
}

/** Where calls find their memory: the heap of tfjs's wasm backend, or one of our own with copies in and out. */
export interface Place {
  run(
    backend: KernelBackend,
    inputs: NamedTensorInfoMap,
    work: (call: Call) => Output[],
  ): TensorInfo[];
}

/** What a kernel does, in terms of addresses. */
export type Work = (
  call: Call,
  shapes: Readonly<Record<string, readonly number[]>>,
  attrs: Readonly<Record<string, unknown>>,
) => Output[];

/** Bytes of a cache line: vectors that straddle two make a kernel up to twice as slow. */
export const ALIGNMENT = 64;

/** Floats around a kernel's own room: to align it, and for the rows that `collect` reads beyond its end. */
export const SLACK = 64;

export const align = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((size, side) => size * side, 1);

/** Recurrences compute so many samples side by side (assembly/lanes.ts). */
const LANES = 16;

export const chunksOf = (batchSize: number): number => Math.ceil(batchSize / LANES);

/** Floats, if the address space has so many: tfjs would ask for what is left of them after 4 GiB. */
export function checkRoom(floats: number): number {
  if (floats >= 0 && floats < 2 ** 30) return floats;
  const message =
    'A fused kernel needs more than 4 GiB at once, more than WebAssembly gives. ' +
    'Take a smaller batch or shorter sequences.';
  throw new FastWeightsError('out-of-memory', message);
}

/** A second result, for the backward pass alone: so many floats from an aligned address on. */
export function keptOutput(call: Call, floats: number): Output & { readonly from: number } {
  const output = call.output([floats + SLACK]);
  return { ...output, from: align(output.address) };
}

/** Where they begin when they come back. */
export const keptInput = (call: Call): number => align(call.address('kept'));

export function copyBits(
  memory: ArrayBufferLike,
  address: number,
  values: Int32Array | Float32Array,
): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  new Uint8Array(memory).set(bytes, address);
}

/** The kernel for both backends that have their numbers in plain memory. */
export function kernelsFor(
  module: WebAssembly.Module,
  kernelName: string,
  work: Work,
  supports?: FusedKernel['supports'],
): FusedKernel[] {
  const [heap, own] = [tfjsHeap(module), ownMemory(module)];
  return ['wasm', 'cpu'].map((backendName) => ({
    kernelName,
    backendName,
    ...(supports && { supports }),
    kernelFunc({ inputs, attrs = {}, backend }) {
      const shapes: Record<string, readonly number[]> = {};
      for (const name in inputs) {
        const input = inputs[name];
        if (input) shapes[name] = input.shape;
      }
      // The threaded build of tfjs's backend hides its memory.
      const canShare = (backend as Partial<TfjsWasm>).wasm?.asm?.memory !== undefined;
      const place = canShare ? heap : own;
      const results = place.run(backend as KernelBackend, inputs, (call) =>
        work(call, shapes, attrs),
      );
      return results.length === 1 ? (results[0] as TensorInfo) : results;
    },
  }));
}
