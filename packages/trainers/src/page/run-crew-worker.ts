import { FastWeightsError } from '@fastweights/core';
import type { CrewContext } from '../workers/crew.ts';
import type { CrewStart, ToWorker } from '../workers/thread-messages.ts';
import { workInThread } from '../workers/work-in-thread.ts';
import type { FromPageWorker, ToPageWorker } from './page-messages.ts';

/** The work of a module worker that `startCrew` has started. */
export async function runCrewWorker<Data>(
  work: (context: CrewContext<Data>) => unknown,
): Promise<void> {
  if (!('DedicatedWorkerGlobalScope' in globalThis)) {
    const message = 'runCrewWorker belongs in a module worker that startCrew starts.';
    throw new FastWeightsError('no-worker', message);
  }
  const send = (message: FromPageWorker): void => postMessage(message);
  // As in Node, where a rejection that nobody awaits ends the thread.
  addEventListener('unhandledrejection', ({ reason }) => reportError(reason));
  const early: ToWorker[] = [];
  let listener = (message: ToWorker): void => void early.push(message);
  const { index, of, restarts, data } = await new Promise<CrewStart>((resolve) => {
    addEventListener('message', async ({ data: message }: MessageEvent<ToPageWorker>) => {
      if (message.kind === 'abort') return listener(message);
      if (message.lock !== undefined) await hold(message.lock);
      send({ kind: 'begun' });
      resolve(message.start);
    });
    send({ kind: 'ready' });
  });
  const hear = (own: typeof listener): void => {
    listener = own;
    early.forEach(own);
  };
  await workInThread({ send, hear }, (context) =>
    work({ ...context, index, of, restarts, data: data as Data }),
  );
}

/** For as long as this worker lives. */
const hold = (lock: string): Promise<void> =>
  new Promise((resolve) => {
    void navigator.locks.request(lock, () => {
      resolve();
      return new Promise(() => {});
    });
  });
