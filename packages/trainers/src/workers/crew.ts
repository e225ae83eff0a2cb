import { checkInteger, checkRange } from '@fastweights/core';
import { followThread, type StartedThread, type Thread, type ThreadListener } from './thread.ts';
import { type CrewStart, type ToWorker, toPlainError } from './thread-messages.ts';
import type { WorkContext } from './work-in-thread.ts';
import { WorkerLostError } from './worker-lost-error.ts';

// A crew is workers that do not wait for one another: each may die alone, and begins anew.

export interface CrewOptions {
  readonly workers: number;
  /** Handed to each of them, copied. A function `(index, restarts) => data` is asked whenever one is started. */
  readonly data?: unknown;
  /** Is told what they `post`. */
  onMessage?(message: unknown, worker: number): void;
  /** Is told first when one has died: takes back what it held of what they share. */
  onLost?(worker: number): void;
  /** Is told when one has died and begins anew. */
  onRestart?(worker: number, error: Error): void;
  /** A number that grows as a worker gets on. Default: how often it has posted. */
  progressOf?(worker: number): number;
  /** How often in a row a worker may die without having got any further; the next time ends the crew. Default 3. */
  readonly maxRestarts?: number;
  /** Aborts the signal of each worker too. */
  readonly signal?: AbortSignal | undefined;
  /** So long after that, or after the failure of one, those that have not ended are ended, in ms. Default 10,000. */
  readonly grace?: number;
}

export const CREW_KEYS: readonly (keyof CrewOptions)[] = [
  'workers',
  'data',
  'onMessage',
  'onLost',
  'onRestart',
  'progressOf',
  'maxRestarts',
  'signal',
  'grace',
];

/** What a worker of a crew is given. */
export interface CrewContext<Data> extends WorkContext {
  readonly index: number;
  /** How many they are. */
  readonly of: number;
  /** How many died in its place before. */
  readonly restarts: number;
  readonly data: Data;
}

/** Starts a thread, in Node or on a page. */
export type StartThread = (start: CrewStart, listener: ThreadListener) => Thread;

/**
 * Starts a crew and follows it to its end. An error of this project is not the fault of one worker: it ends the crew, and so
 * does what a listener throws. Undefined is the result of those that died after an abort, or had to be ended.
 */
export async function superviseCrew<Result>(
  options: CrewOptions,
  startThread: StartThread,
): Promise<(Result | undefined)[]> {
  const { workers: of, signal, maxRestarts = 3, grace = 10_000 } = options;
  checkInteger('workers', of, 1);
  checkInteger('maxRestarts', maxRestarts, 0);
  checkRange('grace', grace, 0, 2 ** 31 - 1);
  const posted = Array.from({ length: of }, () => 0);
  const { progressOf = (index) => posted[index] as number } = options;
  const stopping = stopTogether(grace);

  function start(index: number, restarts: number): StartedThread {
    const data = typeof options.data === 'function' ? options.data(index, restarts) : options.data;
    return followThread(
      (listener) => startThread({ index, of, restarts, data }, listener),
      (message) => {
        posted[index] = (posted[index] as number) + 1;
        try {
          options.onMessage?.(message, index);
        } catch (error) {
          stopping.fail(error);
        }
      },
    );
  }

  /** One thread after the other, until one has done its work. */
  async function keepWorking(index: number): Promise<unknown> {
    let futile = 0;
    for (let restarts = 0; ; restarts++) {
      const before = progressOf(index);
      const ended = await stopping.untilEnd(start(index, restarts));
      if (ended.kind === 'result') return ended.result;
      options.onLost?.(index);
      if (ended.kind === 'error' && (ended.isOurs || stopping.isOn())) throw ended.error;
      if (stopping.isOn()) return undefined;
      futile = progressOf(index) > before ? 0 : futile + 1;
      const error =
        ended.kind === 'error' ? ended.error : new WorkerLostError(index, of, ended.how);
      if (futile > maxRestarts) throw diedInVain(index, of, futile, error);
      options.onRestart?.(index, error);
    }
  }

  const abort = (): void => stopping.stop(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    const results = await Promise.all(
      posted.map((_, index) => keepWorking(index).catch(stopping.fail)),
    );
    stopping.throwIfFailed();
    return results as (Result | undefined)[];
  } finally {
    stopping.dispose();
    signal?.removeEventListener('abort', abort);
  }
}

const diedInVain = (index: number, of: number, times: number, cause: Error): WorkerLostError =>
  new WorkerLostError(
    index,
    of,
    `died ${times} times in a row without getting any further, at last of: ${cause.message.replace(/\.$/, '')}`,
    { cause },
  );

interface Stopping {
  /** Tells all threads, those too that come later; after a while they are ended. */
  stop(reason: unknown): void;
  /** The same, because of an error: the first one counts. */
  fail(error: unknown): void;
  isOn(): boolean;
  untilEnd(started: StartedThread): StartedThread['ended'];
  throwIfFailed(): void;
  dispose(): void;
}

function stopTogether(grace: number): Stopping {
  const threads = new Set<Thread>();
  let message: ToWorker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failure: { readonly error: unknown } | undefined;

  function stop(reason: unknown): void {
    if (message) return;
    message = { kind: 'abort', reason: toPlainError(reason) };
    for (const thread of threads) thread.post(message);
    timer = setTimeout(() => {
      for (const thread of threads) thread.end();
    }, grace);
  }

  return {
    stop,
    fail(error) {
      failure ??= { error };
      stop(error);
    },
    isOn: () => message !== undefined,
    async untilEnd({ thread, ended }) {
      threads.add(thread);
      if (message) thread.post(message);
      try {
        return await ended;
      } finally {
        threads.delete(thread);
      }
    },
    throwIfFailed() {
      if (failure) throw failure.error;
    },
    dispose: () => clearTimeout(timer),
  };
}
