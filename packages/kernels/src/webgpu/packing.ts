import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf, type WebGpuBackend } from './backend.ts';
import type { Program } from './program.ts';
import { copy, uninitialised } from './tensors.ts';

/** What is bound for a group of tensors: each itself, or one that holds them all. */
export interface Group {
  readonly tensors: readonly TensorInfo[];
  /** By name, which of `tensors` has it, and from which number on (where it shares one). */
  readonly member: Readonly<Record<string, number>>;
  readonly offsets: Readonly<Record<string, number>>;
  readonly scratch: readonly TensorInfo[];
}

type Tensors = Readonly<Record<string, TensorInfo>>;

/** Devices allow few bindings: where there are too many, tensors are copied into one. */
export function choosePacking(
  { reads, writes, tables = {} }: Program,
  limit: number,
): { readonly reads: boolean; readonly writes: boolean } {
  const [read, written] = [Object.keys(reads).length, Object.keys(writes).length];
  const left = limit - Object.keys(tables).length;
  if (read + written <= left) return { reads: false, writes: false };
  const floats = Object.values(reads).filter(isFloat).length;
  const packed = floats > 1 ? read - floats + 1 : read;
  return { reads: floats > 1, writes: packed + written > left };
}

export const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

/** The name of the uniform with a packed tensor's offset. */
export const offsetName = (name: string): string => `at_${name}`;

export function bindEach(tensors: Tensors): Group {
  const member = Object.fromEntries(Object.keys(tensors).map((name, i) => [name, i]));
  return { tensors: Object.values(tensors), member, offsets: {}, scratch: [] };
}

/** Copies the float32 tensors one after the other into a new one. */
export function pack(backend: WebGpuBackend, tensors: Tensors): Group {
  const floats = Object.entries(tensors).filter(([, tensor]) => isFloat(tensor));
  const others = Object.entries(tensors).filter(([, tensor]) => !isFloat(tensor));
  const total = floats.reduce((sum, [, tensor]) => sum + sizeOf(tensor), 0);
  const packed = uninitialised(backend, [total]);
  const offsets: Record<string, number> = {};
  const member: Record<string, number> = {};
  let end = 0;
  for (const [name, tensor] of floats) {
    copy(backend, tensor, packed, { toOffset: end });
    offsets[offsetName(name)] = end;
    member[name] = 0;
    end += sizeOf(tensor);
  }
  others.forEach(([name], i) => {
    member[name] = i + 1;
  });
  const rest = others.map(([, tensor]) => tensor);
  return { tensors: [packed, ...rest], member, offsets, scratch: [packed] };
}

/** Copies what a program has written to where it belongs. */
export function unpack(
  backend: WebGpuBackend,
  tensors: Tensors,
  { tensors: [packed], offsets }: Group,
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const fromOffset = offsets[offsetName(name)] as number;
    copy(backend, packed as TensorInfo, tensor, { fromOffset, size: sizeOf(tensor) });
  }
}
