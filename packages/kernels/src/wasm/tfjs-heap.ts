import type { DataId, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { align, checkRoom, copyBits, type Place, SLACK, sizeOf } from './call.ts';
import { heapArena } from './heap-arena.ts';
import { instantiate } from './module.ts';

/** What the single-threaded build of tfjs's wasm backend (4.22) has besides what every backend has. */
export interface TfjsWasm extends KernelBackend {
  readonly wasm: {
    readonly asm: { readonly memory?: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(id: DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
}

/** Calls that compute right where tfjs has its tensors: nothing is copied. */
export function tfjsHeap(module: WebAssembly.Module): Place {
  return {
    run(anyBackend, inputs, work) {
      const backend = anyBackend as TfjsWasm;
      const memory = backend.wasm.asm.memory as WebAssembly.Memory;
      const wasm = instantiate(module, memory);
      const addressOf = ({ dataId }: TensorInfo): number =>
        backend.dataIdMap.get(dataId).memoryOffset;

      const results = new Map<number, TensorInfo>();
      const scratch: TensorInfo[] = [];
      const make = (shape: readonly number[]): TensorInfo => {
        checkRoom(sizeOf(shape));
        return backend.makeOutput([...shape], 'float32');
      };
      const arena = heapArena(backend.wasm);
      const reserve = (floats: number): number => {
        const address = arena.reserve(4 * (checkRoom(floats) + SLACK));
        if (address !== 0) return address;
        const room = make([floats + SLACK]);
        scratch.push(room);
        return align(addressOf(room));
      };
      let succeeded = false;
      try {
        const outputs = work({
          wasm,
          address(name) {
            const input = inputs[name];
            return input ? addressOf(input) : 0;
          },
          output(shape) {
            const result = make(shape);
            results.set(addressOf(result), result);
            return { address: addressOf(result), shape };
          },
          scratch: reserve,
          constants(values) {
            const address = reserve(values.length);
            copyBits(memory.buffer, address, values);
            return address;
          },
        });
        succeeded = true;
        return outputs.map(({ address }) => results.get(address) as TensorInfo);
      } finally {
        const done = succeeded ? scratch : [...scratch, ...results.values()];
        for (const { dataId } of done) backend.disposeData(dataId);
      }
    },
  };
}
