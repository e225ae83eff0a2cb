import { env, setBackend } from '@tensorflow/tfjs-core';
import { tidyProcess } from './tidy-process.ts';

/** A backend that may be used: its package is imported only when it is tried. */
export interface Candidate {
  readonly packageName: string;
  start(): Promise<boolean>;
}

export type BackendName = 'wasm' | 'cpu';

/** In the order in which they are tried. */
export const candidates: Readonly<Record<BackendName, Candidate>> = {
  wasm: {
    packageName: '@tensorflow/tfjs-backend-wasm',
    async start() {
      await import('@tensorflow/tfjs-backend-wasm');
      // The threaded build hangs in minified pages, hides its memory, and is never used in Node.
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      const started = await setBackend('wasm');
      tidyProcess();
      return started;
    },
  },
  cpu: {
    packageName: '@tensorflow/tfjs-backend-cpu',
    async start() {
      await import('@tensorflow/tfjs-backend-cpu');
      return setBackend('cpu');
    },
  },
};
