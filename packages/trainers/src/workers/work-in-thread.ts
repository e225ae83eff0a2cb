import { FastWeightsError } from '@fastweights/core';
import { type FromWorker, fromPlainError, type ToWorker, toPlainError } from './thread-messages.ts';

/** A worker's way to the thread that started it. */
export interface WorkerPort {
  send(message: FromWorker): void;
  hear(listener: (message: ToWorker) => void): void;
}

export interface WorkContext {
  /** Aborted along with the signal of whoever started the worker. */
  readonly signal: AbortSignal;
  /** Sends something to `onMessage` of whoever started the worker. */
  post(message: unknown): void;
}

/** Does a worker's work, and tells what came of it. */
export async function workInThread(
  { send, hear }: WorkerPort,
  work: (context: WorkContext) => unknown,
): Promise<void> {
  const stop = new AbortController();
  hear(({ reason }) => stop.abort(fromPlainError(reason)));
  try {
    const post = (message: unknown): void => send({ kind: 'message', message });
    send({ kind: 'result', result: await work({ signal: stop.signal, post }) });
  } catch (error) {
    const isOurs = error instanceof FastWeightsError;
    send({ kind: 'error', error: toPlainError(error), isOurs });
  }
}
