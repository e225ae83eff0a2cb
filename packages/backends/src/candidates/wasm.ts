import { backend, engine, env, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { tidyProcess } from '#tidy-process';
import { wasmPaths } from '#wasm-paths';
import { OutOfMemoryError } from '../backend-error.ts';
import { type Candidate, didNotStart, importOptional, TFJS_VERSION } from '../candidate.ts';
import { delegateToCpu } from '../delegate-to-cpu.ts';
import { shareClones } from '../share-clones.ts';

const PACKAGE = '@tensorflow/tfjs-backend-wasm';
const CPU = '@tensorflow/tfjs-backend-cpu';

/** WebAssembly with SIMD on one core: the default where there is no better. */
export const wasm: Candidate = {
  name: 'wasm',
  async start() {
    const imported = 'wasm' in engine().registryFactory;
    const { setWasmPaths, version_wasm } = await importOptional(
      'wasm',
      [`${PACKAGE}@${TFJS_VERSION}`],
      () => import('@tensorflow/tfjs-backend-wasm'),
    );
    await importOptional(
      'wasm',
      [`${CPU}@${TFJS_VERSION}`],
      () => import('@tensorflow/tfjs-backend-cpu'),
    );
    if (!('wasm' in engine().registry)) {
      // The threaded build hangs in minified pages, hides its memory, and is never used in Node.
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      // Who has imported the package before may have set paths of their own.
      if (wasmPaths && !imported) setWasmPaths(wasmPaths);
    }
    try {
      if (!(await setBackend('wasm')) || getBackend() !== 'wasm') {
        throw new Error('tfjs did not take it');
      }
    } catch (error) {
      throw didNotStart('wasm', (error as Error).message, error);
    } finally {
      tidyProcess();
    }
    delegateToCpu('wasm');
    shareClones('wasm');
    refuseToOverflow();
    const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const device = `one core, WebAssembly${simd ? ' with SIMD' : ''}`;
    return { packageName: PACKAGE, version: version_wasm, device };
  },
};

interface WasmBackend {
  readonly wasm: {
    _malloc: Malloc;
    _free(address: number): void;
    readonly asm: { readonly memory?: WebAssembly.Memory };
  };
}
type Malloc = ((bytes: number) => number) & { isGuarded?: boolean };

/** Out of memory, tfjs would write a new tensor to address 0, over others. */
function refuseToOverflow(): void {
  const { wasm } = backend() as unknown as WasmBackend;
  if (wasm._malloc.isGuarded) return;
  // Its first call puts the real function in its own place.
  wasm._free(wasm._malloc(8));
  const malloc = wasm._malloc;
  const guarded: Malloc = (bytes) => {
    // Beyond 4 GiB it would give what is left after division.
    if (bytes >= 2 ** 32) throw new OutOfMemoryError(bytes);
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) throw new OutOfMemoryError(bytes);
    // Near 4 GiB it has been seen to give what is not there.
    const end = wasm.asm.memory?.buffer.byteLength ?? Infinity;
    if ((address >>> 0) + bytes > end) {
      wasm._free(address);
      throw new OutOfMemoryError(bytes);
    }
    return address;
  };
  guarded.isGuarded = true;
  wasm._malloc = guarded;
}
