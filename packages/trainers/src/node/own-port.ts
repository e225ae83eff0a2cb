import { parentPort, workerData } from 'node:worker_threads';
import { FastWeightsError } from '@fastweights/core';
import type { WorkerPort } from '../workers/work-in-thread.ts';

interface OwnPort<Start> extends WorkerPort {
  /** What this worker was started with. */
  readonly start: Start;
  /** Open, it would keep the thread alive. */
  close(): void;
}

/** This thread's way to the one that started it as `starter` does, with all of `keys`. */
export function ownPort<Start>(
  runner: string,
  starter: string,
  keys: readonly (keyof Start & string)[],
): OwnPort<Start> {
  const port = parentPort;
  const start: unknown = workerData;
  const isStart = typeof start === 'object' && start !== null && keys.every((key) => key in start);
  if (!port || !isStart) {
    const message = `${runner} belongs in a module that ${starter} starts.`;
    throw new FastWeightsError('no-worker', message);
  }
  return {
    start: start as Start,
    send: (message) => port.postMessage(message),
    hear: (listener) => port.on('message', listener),
    close: () => port.close(),
  };
}
