import type { Thread, ThreadListener } from '../workers/thread.ts';
import type { CrewStart } from '../workers/thread-messages.ts';
import type { FromPageWorker, ToPageWorker } from './page-messages.ts';

/**
 * Starts a module worker. A page is not told when one is gone: the worker holds a Web Lock for as long as it lives, and this
 * waits for the lock. Without Web Locks, on a page that is not secure, one that ends in silence is waited for in vain.
 */
export function startPageThread(
  createWorker: () => Worker,
  start: CrewStart,
  { hear, gone }: ThreadListener,
): Thread {
  const locks = globalThis.navigator.locks as LockManager | undefined;
  const lock = locks && `fastweights-worker-${crypto.randomUUID()}`;
  const worker = createWorker();
  // It hears nothing before its module has come so far.
  let early: ToPageWorker[] | undefined = [];
  let error: Error | undefined;
  let isWatched = false;

  const post = (message: ToPageWorker): void => {
    if (early) early.push(message);
    else worker.postMessage(message);
  };

  function watch(): void {
    if (isWatched) return;
    isWatched = true;
    const tell = (): void => gone('ended without a word', error);
    if (locks && lock) void locks.request(lock, () => {}).then(tell);
    else setTimeout(tell);
  }

  function end(): void {
    worker.terminate();
    watch();
  }

  worker.addEventListener('message', ({ data }: MessageEvent<FromPageWorker>) => {
    if (data.kind === 'ready') {
      const messages: ToPageWorker[] = [{ kind: 'start', start, lock }, ...(early ?? [])];
      early = undefined;
      try {
        messages.forEach(post);
      } catch (thrown) {
        fail(thrown as Error);
      }
    } else if (data.kind === 'begun') {
      if (lock) watch();
    } else {
      hear(data);
      // It would wait for more.
      if (data.kind !== 'message') end();
    }
  });
  worker.addEventListener('error', (event) => {
    // It is told; not to the page too.
    event.preventDefault();
    fail(new Error(event.message || 'its module could not be loaded'));
  });
  worker.addEventListener('messageerror', () => fail(new Error('a message could not be read')));

  function fail(thrown: Error): void {
    error ??= thrown;
    end();
  }

  return { post, end };
}
