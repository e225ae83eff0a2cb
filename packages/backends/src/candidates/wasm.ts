import { engine, env, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { tidyProcess } from '#tidy-process';
import { wasmPaths } from '#wasm-paths';
import { type Candidate, didNotStart, importOptional, TFJS_VERSION } from '../candidate.ts';
import { delegateToCpu } from '../delegate-to-cpu.ts';

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
    const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const device = `one core, WebAssembly${simd ? ' with SIMD' : ''}`;
    return { packageName: PACKAGE, version: version_wasm, device };
  },
};
