import { FastWeightsError } from '@fastweights/core';
import { wasmBase64 } from '../generated/wasm.ts';
import type { Exports } from './exports.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The module, compiled once: asynchronously, as pages must. */
export function compile(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(decode(wasmBase64)).catch((cause: unknown) => {
    compiled = undefined;
    const message =
      `The fused kernels cannot be compiled: ${(cause as Error).message} They need WebAssembly with SIMD, and on a ` +
      "page with a Content-Security-Policy 'wasm-unsafe-eval'.";
    throw new FastWeightsError('no-wasm-kernels', message, { cause });
  });
  return compiled;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const instances = new WeakMap<WebAssembly.Memory, Exports>();

/** The module's functions on this memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  let exports = instances.get(memory);
  if (!exports) {
    exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
    instances.set(memory, exports);
  }
  return exports;
}
