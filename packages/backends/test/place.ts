import { contract } from '@fastweights/contract';
import {
  BackendError,
  type BackendRefusal,
  type UseBackendOptions,
  useBackend,
} from '../src/index.ts';

/** Where a backend is made ready and tried: on a page, or in a worker. All that it is given and answers can be posted. */
export interface Place {
  use(options?: UseBackendOptions): Promise<Outcome>;
  /** Runs a check of the contract. */
  check(name: string): Promise<void>;
  /** The hosts that anything was requested from. */
  hosts(): Promise<string[]>;
}

export interface Outcome {
  /** Missing where no backend could be used. */
  readonly name?: string;
  /** Whether fused kernels are on. */
  readonly fused?: boolean;
  readonly refused: Readonly<Record<string, Pick<BackendRefusal, 'code' | 'message'>>>;
}

/** Wherever this module is loaded. */
export const here: Place = {
  async use(options) {
    const list = (refused: readonly BackendRefusal[]): Outcome['refused'] =>
      Object.fromEntries(refused.map(({ backend, code, message }) => [backend, { code, message }]));
    try {
      const { name, fused, refused } = await useBackend(options);
      return { name, fused, refused: list(refused) };
    } catch (error) {
      if (error instanceof BackendError) return { refused: list(error.refused) };
      throw error;
    }
  },
  async check(name) {
    const check = contract.find((one) => one.name === name);
    if (!check) throw new Error(`the contract has no check "${name}"`);
    await check.run();
  },
  async hosts() {
    const urls = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
    return [...new Set(urls.map(({ hostname }) => hostname))];
  },
};

export interface Request {
  readonly method: keyof Place;
  readonly argument: unknown;
}

export interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

/** A worker of its own, which does one thing at a time. */
export function startWorker(): { readonly place: Place; terminate(): void } {
  const worker = new Worker(new URL('./place-worker.ts', import.meta.url), { type: 'module' });
  const ask =
    (method: keyof Place) =>
    (argument?: unknown): Promise<never> =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Reply>) =>
          data.error === undefined ? resolve(data.result as never) : reject(new Error(data.error));
        worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not load'));
        worker.postMessage({ method, argument } satisfies Request);
      });
  return {
    place: { use: ask('use'), check: ask('check'), hosts: ask('hosts') },
    terminate: () => worker.terminate(),
  };
}
