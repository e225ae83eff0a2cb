import { Worker } from 'node:worker_threads';
import { checkInteger, checkKeys } from '@fastweights/core';
import { createGroupMemory, type GroupMemory, markGone } from '../workers/group-memory.ts';
import { WorkerLostError } from '../workers/worker-lost-error.ts';
import {
  type FromWorker,
  fromPlainError,
  type ToWorker,
  toPlainError,
  type WorkerStart,
} from './thread-messages.ts';

export interface StartWorkersOptions {
  /** What each worker runs: a module that calls `runWorker`. */
  readonly module: URL;
  readonly workers: number;
  /** Handed to each of them, copied. */
  readonly data?: unknown;
  /** Is told what they `post`. */
  onMessage?(message: unknown, worker: number): void;
  /** Aborts the signal of each worker too. */
  readonly signal?: AbortSignal | undefined;
  /** Of Node, for each worker thread. Default: those of this process. */
  readonly execArgv?: readonly string[];
}

/** Once one has failed, the others hear of it and end; those that do not within so long are ended, in ms. */
const GRACE = 700;

interface Ended {
  readonly result?: unknown;
  readonly error?: Error;
}

/**
 * Starts a group of worker threads, and resolves to what the leader's `runWorker` returns when all have ended. If one throws,
 * so does this, and if one is gone without a word, with a WorkerLostError; the others are ended.
 */
export async function startWorkers<Result = unknown>(
  options: StartWorkersOptions,
): Promise<Result> {
  checkKeys('startWorkers', options, [
    'module',
    'workers',
    'data',
    'onMessage',
    'signal',
    'execArgv',
  ]);
  const { workers: of, signal } = options;
  checkInteger('workers', of, 1);
  const memory = createGroupMemory({ workers: of });
  const threads = Array.from({ length: of }, (_, index) => startThread(options, memory, index));
  const abort = (): void => {
    const message: ToWorker = { kind: 'abort', reason: toPlainError(signal?.reason) };
    for (const thread of threads) thread.postMessage(message);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  let timer: NodeJS.Timeout | undefined;
  const errors: Error[] = [];
  const endings = threads.map(async (thread, index) => {
    const { result, error } = await endOf(thread, memory, index, options);
    if (error) {
      errors.push(error);
      timer ??= setTimeout(() => threads.map((other) => other.terminate()), GRACE);
    }
    return result;
  });
  try {
    const [result] = await Promise.all(endings);
    const first = errors.find((error) => !isConsequence(error)) ?? errors[0];
    if (first) throw first;
    return result as Result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function startThread(
  { module, data, execArgv }: StartWorkersOptions,
  memory: GroupMemory,
  index: number,
): Worker {
  const workerData: WorkerStart = { memory, index, data };
  return new Worker(module, { workerData, ...(execArgv && { execArgv: [...execArgv] }) });
}

/** What came of a worker; the others hear of its end. */
function endOf(
  thread: Worker,
  memory: GroupMemory,
  index: number,
  { onMessage }: StartWorkersOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    let ended: Ended | undefined;
    thread.on('message', (sent: FromWorker) => {
      if (sent.kind === 'message') onMessage?.(sent.message, index);
      else if (sent.kind === 'result') ended = { result: sent.result };
      else ended = { error: fromPlainError(sent.error) };
    });
    thread.on('error', (error) => {
      ended = { error };
    });
    thread.on('exit', (code) => {
      markGone(memory, index);
      const how = `ended with exit code ${code}`;
      resolve(ended ?? { error: new WorkerLostError(index, memory.workers, how) });
    });
  });
}

/** Whether a worker failed because another had. */
const isConsequence = (error: Error): boolean =>
  'code' in error && error.code === 'worker-lost' && !(error instanceof WorkerLostError);
