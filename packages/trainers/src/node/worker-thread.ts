import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Thread, ThreadListener } from '../workers/thread.ts';

export interface WorkerThreadOptions {
  /** What each worker runs: a module that calls the function for workers that belongs to this one. */
  readonly module: URL;
  /** Of Node, for each worker thread. Default: those of this process. */
  readonly execArgv?: readonly string[];
  /** Of Node, for each worker thread. */
  readonly resourceLimits?: ResourceLimits;
}

/** Once its work is done, a thread has so long to end by itself, in ms. */
const LINGER = 700;

/** Starts a worker thread of Node. */
export function startWorkerThread(
  { module, execArgv, resourceLimits }: WorkerThreadOptions,
  workerData: object,
  { hear, gone }: ThreadListener,
): Thread {
  const worker = new Worker(module, {
    workerData,
    ...(execArgv && { execArgv: [...execArgv] }),
    ...(resourceLimits && { resourceLimits }),
  });
  const end = (): void => void worker.terminate();
  let linger: NodeJS.Timeout | undefined;
  let error: Error | undefined;
  worker.on('message', (message) => {
    hear(message);
    // What it has left in its event loop would keep it for ever.
    if (message.kind !== 'message') linger ??= setTimeout(end, LINGER);
  });
  worker.on('error', (thrown) => {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.on('exit', (code) => {
    clearTimeout(linger);
    gone(`ended with exit code ${code}`, error);
  });
  return { post: (message) => worker.postMessage(message), end };
}
