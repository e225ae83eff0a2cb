import { FastWeightsError } from '@fastweights/core';
import { runCrewWorker } from '../src/page/index.ts';

// What the workers of crew.browser.test.ts do.

export interface PageTask {
  readonly what: 'work' | 'listen' | 'deaf' | 'refuse' | 'share';
  /** How each of the workers that were started in one place ends, one after the other. */
  readonly mishaps?: readonly ('throw' | 'uncaught' | 'rejection' | 'close' | 'terminated')[];
  readonly words?: Int32Array;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

// A module may take its time before it listens.
await pause(20);

await runCrewWorker<PageTask>(async ({ index, of, restarts, data, signal, post }) => {
  const { what, mishaps = [], words } = data;
  if (words) Atomics.add(words, index, 1);
  const mishap = mishaps[restarts];
  if (mishap === 'throw') throw new TypeError('a bug');
  if (mishap === 'uncaught') {
    setTimeout(() => {
      throw new RangeError('nobody catches this');
    });
  }
  if (mishap === 'rejection') void Promise.reject(new RangeError('nobody awaits this'));
  if (mishap === 'close') close();
  if (mishap === 'terminated') post('terminate me');
  if (mishap) await pause(60_000);
  if (what === 'refuse' && index === 1) throw new FastWeightsError('diverged', 'It is no number.');
  if (what === 'deaf' && index === 1) {
    post('deaf');
    for (;;);
  }
  if (what === 'listen' || what === 'deaf' || what === 'refuse') {
    post('listens');
    while (!signal.aborted) await pause(1);
    return `${index} heard: ${signal.reason.message}`;
  }
  return { index, of, restarts };
});
