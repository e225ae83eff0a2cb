import { dispose, grads, onesLike, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { OpCase } from './op-cases.ts';
import { median } from './statistics.ts';

export type Direction = 'forward' | 'forward + backward';

export interface Call {
  /** Ends when the result is there: a GPU answers later. */
  readonly call: () => Promise<void>;
  dispose(): void;
}

/** An op as something to time. The output's gradient is all ones. */
export function prepare(op: OpCase, inputs: Tensor[], direction: Direction): Call {
  const dy = tidy(() => onesLike(op.run(...inputs)));
  const differentiate = grads(op.run);
  const compute = (): Tensor[] =>
    direction === 'forward' ? [op.run(...inputs)] : differentiate(inputs, dy);
  return {
    async call() {
      const results = tidy(compute);
      await results.at(-1)?.data();
      dispose(results);
    },
    dispose: () => dy.dispose(),
  };
}

/** The median of several calls, in ms; a slow one is called less often. */
export async function timeCalls(call: () => Promise<void>, budget = 150): Promise<number> {
  await call();
  const times: number[] = [];
  const end = performance.now() + budget;
  do {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  } while (performance.now() < end);
  return median(times);
}
