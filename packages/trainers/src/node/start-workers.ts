import { checkInteger, checkKeys } from '@fastweights/core';
import { createGroupMemory, markGone } from '../workers/group-memory.ts';
import { followThread } from '../workers/thread.ts';
import { type ToWorker, toPlainError, type WorkerStart } from '../workers/thread-messages.ts';
import { WorkerLostError } from '../workers/worker-lost-error.ts';
import { startWorkerThread } from './worker-thread.ts';

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
  const { workers: of, data, onMessage, signal } = options;
  checkInteger('workers', of, 1);
  const memory = createGroupMemory({ workers: of });
  const started = Array.from({ length: of }, (_, index) => {
    const start: WorkerStart = { memory, index, data };
    return followThread(
      (listener) => startWorkerThread(options, start, listener),
      (message) => onMessage?.(message, index),
    );
  });
  const abort = (): void => {
    const message: ToWorker = { kind: 'abort', reason: toPlainError(signal?.reason) };
    for (const { thread } of started) thread.post(message);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  let timer: NodeJS.Timeout | undefined;
  const errors: Error[] = [];
  const endings = started.map(async (one, index) => {
    const ended = await one.ended;
    // The others hear of it.
    markGone(memory, index);
    if (ended.kind === 'result') return ended.result;
    errors.push(ended.kind === 'error' ? ended.error : new WorkerLostError(index, of, ended.how));
    timer ??= setTimeout(() => started.map(({ thread }) => thread.end()), GRACE);
    return undefined;
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

/** Whether a worker failed because another had. */
const isConsequence = (error: Error): boolean =>
  'code' in error && error.code === 'worker-lost' && !(error instanceof WorkerLostError);
