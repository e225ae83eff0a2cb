// Calls from the page to a module worker: one message there, one back. Everything that is sent must be cloneable.

/** What a worker answers, by name: a table of async functions of one argument. */
export type Calls<Table> = { readonly [Name in keyof Table]: (input: never) => Promise<unknown> };

type Input<F> = F extends (input: infer I) => unknown ? I : never;
type Output<F> = F extends (input: never) => Promise<infer O> ? O : never;

interface Request {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Reply = { readonly id: number; readonly output: unknown } | Failure;
interface Failure {
  readonly id: number;
  readonly failure: { readonly name: string; readonly message: string };
}

/** In the worker. What throws there rejects on the page, with the message. */
export function serve<Table extends Calls<Table>>(calls: Table): void {
  addEventListener('message', async ({ data }: MessageEvent<Request>) => {
    const { id, name, input } = data;
    try {
      const call = calls[name as keyof Table];
      if (!call) throw new Error(`The worker has no call ${name}.`);
      postMessage({ id, output: await call(input as never) } satisfies Reply);
    } catch (error) {
      const { name: kind, message } = error as Error;
      postMessage({ id, failure: { name: kind, message } } satisfies Reply);
    }
  });
}

export interface Connection<Table> {
  call<Name extends keyof Table & string>(
    name: Name,
    input: Input<Table[Name]>,
  ): Promise<Output<Table[Name]>>;
  close(): void;
}

interface Waiting {
  resolve(output: never): void;
  reject(error: Error): void;
}

/** On the page. */
export function connect<Table>(worker: Worker): Connection<Table> {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const reply = waiting.get(data.id);
    waiting.delete(data.id);
    if ('failure' in data) reply?.reject(remote(data.failure));
    else reply?.resolve(data.output as never);
  });
  worker.addEventListener('error', ({ message }) => {
    for (const reply of waiting.values()) reply.reject(new Error(message || 'The worker stopped.'));
    waiting.clear();
  });
  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, input } satisfies Request);
      }),
    close: () => worker.terminate(),
  };
}

function remote({ name, message }: Failure['failure']): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
