import { createInterface } from 'node:readline';
import {
  type Answers,
  encode,
  type Failure,
  type Greeting,
  type Init,
  type Request,
} from '../protocol.ts';

/** What a worker written in TypeScript runs; peers/protocol.py is the same for Python. */
export interface Runner {
  readonly mode: string;
  gradients(batch: number): Promise<{ loss: number; gradients: ReadonlyMap<string, Gradient> }>;
  /** One training step; it is over when the weights have changed. */
  step(): Promise<void> | void;
  dispose(): void;
}

export interface Gradient {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export async function serve(
  greeting: Greeting,
  make: (init: Init) => Promise<Runner>,
): Promise<void> {
  const answer = (message: object): void =>
    void process.stdout.write(`${JSON.stringify(message)}\n`);
  const runners = new Map<string, Runner>();

  async function handle(request: Request): Promise<Answers[Request['do']]> {
    if (request.do === 'init') {
      const runner = await make(request);
      runners.set(request.id, runner);
      return { mode: runner.mode };
    }
    const runner = runners.get(request.id);
    if (!runner) throw new Error(`there is no contender ${request.id}`);
    if (request.do === 'run') return { ms: await time(runner, request.steps) };
    if (request.do === 'dispose') {
      runner.dispose();
      runners.delete(request.id);
      return {};
    }
    const { loss, gradients } = await runner.gradients(request.batch);
    const encoded = [...gradients].map(([path, { values, shape }]) => [
      path,
      encode(values, shape),
    ]);
    return { loss, gradients: Object.fromEntries(encoded) };
  }

  answer(greeting);
  for await (const line of createInterface({ input: process.stdin })) {
    answer(await handle(JSON.parse(line) as Request).catch(failure));
  }
}

const failure = (error: unknown): Failure => ({
  error: error instanceof Error ? error.message : String(error),
});

/** Milliseconds of each step. Rubbish of before is not swept within; what a step leaves is. */
async function time(runner: Runner, steps: number): Promise<number[]> {
  globalThis.gc?.();
  const milliseconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const pending = runner.step();
    // Awaiting nothing would cost a turn of the event loop's.
    if (pending) await pending;
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}
