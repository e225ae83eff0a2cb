import { FastWeightsError } from '@fastweights/core';
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import {
  ALIGNMENT,
  align,
  checkRoom,
  copyBits,
  type Output,
  type Place,
  SLACK,
  sizeOf,
} from './call.ts';
import { instantiate } from './module.ts';

/** tfjs's plain cpu backend, or the threaded build of its wasm backend. */
interface CopyingBackend extends KernelBackend {
  makeTensorInfo?(shape: number[], dtype: DataType, values: Float32Array): TensorInfo;
  makeOutput?(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap?(info: TensorInfo): Float32Array;
}

const PAGE = 65536;

let memory: WebAssembly.Memory | undefined;

/** Calls that compute in a memory of their own: inputs are copied in and results out. It grows, and never shrinks. */
export function ownMemory(module: WebAssembly.Module): Place {
  return {
    run(anyBackend, inputs, work) {
      const backend = anyBackend as CopyingBackend;
      memory ??= new WebAssembly.Memory({ initial: 1 });
      const wasm = instantiate(module, memory);
      // Address 0 says that there is no such input.
      let end = ALIGNMENT;
      const reserve = (bytes: number): number => {
        const address = end;
        end = align(end + bytes);
        growTo(end);
        return address;
      };
      const place = (values: Int32Array | Float32Array): number => {
        const address = reserve(values.byteLength);
        copyBits(buffer(), address, values);
        return address;
      };
      const outputs = work({
        wasm,
        address(name) {
          const input = inputs[name];
          if (!input) return 0;
          return place(numbersOf(backend.readSync(input.dataId) as Numbers, input.dtype));
        },
        output: (shape) => ({ address: reserve(4 * checkRoom(sizeOf(shape))), shape }),
        scratch: (floats) => reserve(4 * (checkRoom(floats) + SLACK)),
        constants: place,
      });
      return outputs.map((output) => toTensor(backend, output));
    },
  };
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** tfjs's cpu backend casts by name alone where no number changes: a float32 tensor may have an Int32Array. */
function numbersOf(values: Numbers, dtype: DataType): Float32Array | Int32Array {
  if (dtype === 'float32') {
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }
  return values instanceof Int32Array ? values : Int32Array.from(values);
}

const buffer = (): ArrayBuffer => (memory as WebAssembly.Memory).buffer as ArrayBuffer;

function growTo(bytes: number): void {
  const missing = Math.ceil((bytes - buffer().byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory?.grow(missing);
  } catch (cause) {
    const message =
      `A fused kernel needs ${Math.ceil(bytes / 2 ** 20)} MiB at once, more than WebAssembly gives. ` +
      'Take a smaller batch or shorter sequences.';
    throw new FastWeightsError('out-of-memory', message, { cause });
  }
}

function toTensor(backend: CopyingBackend, { address, shape }: Output): TensorInfo {
  const values = new Float32Array(buffer(), address, sizeOf(shape));
  if (backend.makeTensorInfo) return backend.makeTensorInfo([...shape], 'float32', values.slice());
  const result = backend.makeOutput?.([...shape], 'float32') as TensorInfo;
  backend.typedArrayFromHeap?.(result).set(values);
  return result;
}
