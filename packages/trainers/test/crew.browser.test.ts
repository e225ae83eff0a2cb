import { OptionError } from '@fastweights/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createSharedMemory, WorkerLostError } from '../src/index.ts';
import {
  runCrewWorker,
  type StartCrewOptions,
  startCrew,
  startLearners,
} from '../src/page/index.ts';
import type { PageTask } from './crew-page-worker.ts';

/** All that a test has started, newest last. */
let workers: Worker[] = [];

const createWorker = (): Worker => {
  const module = new URL('./crew-page-worker.ts', import.meta.url);
  const worker = new Worker(module, { type: 'module' });
  workers.push(worker);
  return worker;
};

/** The locks of workers that are alive. */
const alive = async (): Promise<unknown> =>
  (await navigator.locks.query()).held?.filter(({ name }) => name?.startsWith('fastweights-'));

afterEach(async () => {
  expect(await alive()).toEqual([]);
  workers = [];
});

function start(task: PageTask, options: Partial<StartCrewOptions> = {}) {
  const restarts: string[] = [];
  const results = startCrew({
    createWorker,
    workers: 2,
    data: task,
    ...options,
    onRestart: (worker, { message }) => restarts.push(`${worker}: ${message}`),
  });
  return { restarts, results };
}

const failureOf = (results: Promise<unknown>): Promise<unknown> =>
  results.then(
    () => 'nothing failed',
    (error: unknown) => error,
  );

describe('a crew on a page', () => {
  it('begins anew however a worker dies, and does all its work', async () => {
    const mishaps = ['throw', 'uncaught', 'rejection', 'close', 'terminated'] as const;
    const { restarts, results } = start(
      { what: 'work', mishaps },
      { workers: 1, maxRestarts: 5, onMessage: () => workers.at(-1)?.terminate() },
    );
    expect(await results).toEqual([{ index: 0, of: 1, restarts: 5 }]);
    const silence = /^0: Worker 0 of 1 .* ended without a word/;
    expect(restarts).toEqual([
      '0: a bug',
      expect.stringMatching(/nobody catches this$/),
      expect.stringMatching(/nobody awaits this$/),
      expect.stringMatching(silence),
      expect.stringMatching(silence),
    ]);
  });

  it('gives up when one dies again and again in vain', async () => {
    const data = (index: number): PageTask =>
      index === 1 ? { what: 'work', mishaps: Array(9).fill('throw') } : { what: 'listen' };
    const error = await failureOf(start({ what: 'work' }, { data, maxRestarts: 2 }).results);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ worker: 1, cause: { name: 'TypeError', message: 'a bug' } });
    expect((error as Error).message).toMatch(/died 3 times in a row/);
  });

  it('gives up where there is no such module, or the data cannot be sent', async () => {
    const missing = (): Worker => new Worker('/no/such/module.js', { type: 'module' });
    const lost = await failureOf(startCrew({ createWorker: missing, workers: 1, maxRestarts: 0 }));
    expect(lost).toMatchObject({ cause: { message: expect.stringMatching(/module/) } });
    const odd = await failureOf(
      startCrew({ createWorker, workers: 1, data: { work: () => {} }, maxRestarts: 0 }),
    );
    expect(odd).toMatchObject({ cause: { name: 'DataCloneError' } });
  });

  it('ends with the error of whoever knows that nobody can go on', async () => {
    const { restarts, results } = start({ what: 'refuse' });
    const error = await failureOf(results);
    expect(error).toMatchObject({ code: 'diverged', message: 'It is no number.' });
    expect(restarts).toEqual([]);
  });

  it('ends for all when the signal is aborted, at once too', async () => {
    const stop = new AbortController();
    const { results } = start(
      { what: 'listen' },
      { signal: stop.signal, onMessage: () => stop.abort(new Error('enough')) },
    );
    expect(await results).toEqual(['0 heard: enough', '1 heard: enough']);
    const late = start({ what: 'listen' }, { signal: AbortSignal.abort(new Error('too late')) });
    expect(await late.results).toEqual(['0 heard: too late', '1 heard: too late']);
  });

  it('ends those that do not hear, after a while', async () => {
    const stop = new AbortController();
    const { results } = start(
      { what: 'deaf' },
      {
        signal: stop.signal,
        grace: 500,
        onMessage: (message) => message === 'deaf' && stop.abort(new Error('enough')),
      },
    );
    expect(await results).toEqual(['0 heard: enough', undefined]);
  });

  it('shares memory where the page may', async ({ skip }) => {
    if (typeof SharedArrayBuffer === 'undefined') skip('not isolated: memory cannot be shared');
    const words = new Int32Array(new SharedArrayBuffer(8));
    const data = (): PageTask => ({ what: 'share', words, mishaps: ['throw'] });
    await start({ what: 'share' }, { data }).results;
    expect([...words]).toEqual([2, 2]);
  });

  it('learns together where memory can be shared, and else one alone', async () => {
    const isShared = typeof SharedArrayBuffer !== 'undefined';
    const sizes = { weights: 3, moments: 6, workers: 2 };
    if (!isShared) expect(() => createSharedMemory(sizes)).toThrow(/cross-origin isolated/);
    const memory = isShared ? createSharedMemory(sizes) : undefined;
    const module = new URL('./page-learner.ts', import.meta.url);
    const learners = (): Worker => new Worker(module, { type: 'module' });
    const results = await startLearners({ memory, createWorker: learners, data: 'learn' });
    const one = (index: number) => ({ index, data: 'learn', isShared });
    expect(results).toEqual(isShared ? [one(0), one(1)] : [one(0)]);
  });

  it('refuses what cannot be', async () => {
    await expect(startCrew({ createWorker, workers: 0 })).rejects.toThrow(OptionError);
    await expect(startCrew({ createWorker, module: 2 } as never)).rejects.toThrow(/"module"/);
    await expect(runCrewWorker(() => {})).rejects.toThrow(/startCrew/);
  });
});
