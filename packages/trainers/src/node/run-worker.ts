import { parentPort, workerData } from 'node:worker_threads';
import { FastWeightsError } from '@fastweights/core';
import { joinGroup, type TrainingGroup } from '../workers/group.ts';
import {
  type FromWorker,
  fromPlainError,
  type ToWorker,
  toPlainError,
  type WorkerStart,
} from './thread-messages.ts';

export interface WorkerContext<Data> {
  /** For `trainSupervised` and `errorRate`. */
  readonly group: TrainingGroup;
  /** What `startWorkers` was given for all workers. */
  readonly data: Data;
  /** Aborted along with the signal that `startWorkers` was given. */
  readonly signal: AbortSignal;
  /** Sends something to `onMessage` of `startWorkers`. */
  post(message: unknown): void;
}

/** The work of a worker thread that `startWorkers` has started; what the leader's returns is what that resolves to. */
export async function runWorker<Data>(
  work: (context: WorkerContext<Data>) => unknown,
): Promise<void> {
  const port = parentPort;
  if (!port || !isStart(workerData)) {
    const message = 'runWorker belongs in a module that startWorkers starts.';
    throw new FastWeightsError('no-worker', message);
  }
  const { memory, index, data } = workerData;
  const group = joinGroup(memory, index);
  const send = (message: FromWorker): void => port.postMessage(message);
  const stop = new AbortController();
  port.on('message', ({ reason }: ToWorker) => stop.abort(fromPlainError(reason)));
  try {
    const result = await work({
      group,
      data: data as Data,
      signal: stop.signal,
      post: (message) => send({ kind: 'message', message }),
    });
    send({ kind: 'result', result: index === 0 ? result : undefined });
  } catch (error) {
    send({ kind: 'error', error: toPlainError(error) });
  } finally {
    group.leave();
    // It would keep the thread alive.
    port.close();
  }
}

function isStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'memory' in data && 'index' in data;
}
