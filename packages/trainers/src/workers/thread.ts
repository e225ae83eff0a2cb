import { type FromWorker, fromPlainError, type ToWorker } from './thread-messages.ts';

/** A thread that does a worker's work, in Node or on a page. */
export interface Thread {
  post(message: ToWorker): void;
  /** At once, whatever it does. */
  end(): void;
}

export interface ThreadListener {
  hear(message: FromWorker): void;
  /** The last that is heard of it: it runs no more. An error is one that nobody has caught. */
  gone(how: string, error?: Error): void;
}

/** What came of a thread. */
type Ended =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: Error; readonly isOurs: boolean }
  /** Without a word. */
  | { readonly kind: 'lost'; readonly how: string };

export interface StartedThread {
  readonly thread: Thread;
  readonly ended: Promise<Ended>;
}

/** Starts a thread, and follows it to its end. */
export function followThread(
  start: (listener: ThreadListener) => Thread,
  onMessage: (message: unknown) => void,
): StartedThread {
  const { promise: ended, resolve } = withResolvers<Ended>();
  let last: Ended | undefined;
  const thread = start({
    hear(sent) {
      if (sent.kind === 'message') onMessage(sent.message);
      else if (sent.kind === 'result') last = sent;
      else last = { ...sent, error: fromPlainError(sent.error) };
    },
    gone(how, error) {
      if (error) last = { kind: 'error', error, isOurs: false };
      resolve(last ?? { kind: 'lost', how });
    },
  });
  return { thread, ended };
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
} {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
