import { getEventListeners } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { FastWeightsError, integer, OptionError, random } from '@fastweights/core';
import { sourceArguments, sourceModule } from '@fastweights/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerLostError } from '../src/index.ts';
import { runCrewWorker, type StartCrewOptions, startCrew } from '../src/node/index.ts';
import {
  BROKEN,
  begun,
  type CrewTask,
  createTask,
  ended,
  fate,
  LOCK,
  MISHAPS,
  type Mishap,
  OPEN,
} from './crew-worker.ts';

const module = sourceModule(new URL('./crew-thread.ts', import.meta.url));

/** All threads that a test has started, newest last. */
let threads: Worker[] = [];
const note = (thread: Worker): unknown => threads.push(thread);
beforeEach(() => {
  threads = [];
  process.on('worker', note);
});
afterEach(async () => {
  process.off('worker', note);
  // -1 is that of a thread that is no more.
  expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => -1));
});

interface Restart {
  readonly worker: number;
  readonly error: Error;
}

function start(task: CrewTask, options: Partial<StartCrewOptions> = {}) {
  const words = new Int32Array(task.buffer);
  const restarts: Restart[] = [];
  const results = startCrew<unknown>({
    module,
    workers: 2,
    data: task,
    execArgv: sourceArguments,
    resourceLimits: { maxOldGenerationSizeMb: 96 },
    progressOf: (index) => Atomics.load(words, ended(index)),
    onLost: (index) => Atomics.compareExchange(words, LOCK, index + 1, 0),
    ...options,
    onRestart(worker, error) {
      restarts.push({ worker, error });
      options.onRestart?.(worker, error);
    },
  });
  return { words, restarts, results };
}

const failureOf = (results: Promise<unknown>): Promise<unknown> =>
  results.then(
    () => 'nothing failed',
    (error: unknown) => error,
  );

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
};

// Each thread compiles its module anew, which takes its time where others compute.
describe('a crew', { timeout: 180_000 }, () => {
  it('of two loses workers twenty times, however they die, and does all its work', {
    timeout: 240_000,
  }, async () => {
    const stream = random(7);
    const { words, restarts, results } = start(createTask({ what: 'episodes', quota: 30 }));
    const DEATHS = 20;
    for (let death = 0; death < DEATHS; death++) {
      const worker = integer(stream, 2);
      const before = [0, 1].map((index) => Atomics.load(words, ended(index)));
      await until(() => before.every((count, i) => Atomics.load(words, ended(i)) > count + 2));
      const kind = integer(stream, MISHAPS.length + 2);
      const own = threads.filter(({ threadId }) => threadId !== -1);
      // Both are alive, in the order in which they were started.
      const [first, second] = own;
      if (kind < MISHAPS.length) Atomics.store(words, fate(worker), kind + 1);
      else await (integer(stream, 2) === 0 ? first : second)?.terminate();
      await until(() => restarts.length > death);
    }
    Atomics.store(words, OPEN, 1);
    const done = await results;
    expect(done).toEqual([0, 1].map((index) => words[ended(index)]));
    for (const count of done) expect(count).toBeGreaterThanOrEqual(30);
    expect(restarts).toHaveLength(DEATHS);
    expect(new Set(restarts.map(({ worker }) => worker))).toEqual(new Set([0, 1]));
    const messages = new Set(restarts.map(({ error }) => error.message.replace(/Worker \d/, '')));
    expect(messages.size, 'kinds of deaths').toBeGreaterThanOrEqual(4);
    // Each death costs no more than the episode in which it came.
    const lost = [0, 1].map((i) => (words[begun(i)] as number) - (words[ended(i)] as number));
    expect((lost[0] as number) + (lost[1] as number)).toBeLessThanOrEqual(DEATHS);
    expect(words[BROKEN], 'updates that were disturbed').toBe(0);
  });

  it.each<[Mishap, string, RegExp]>([
    ['throw', 'TypeError', /^a bug$/],
    ['exit', 'WorkerLostError', /ended with exit code 3/],
    ['uncaught', 'RangeError', /^nobody catches this$/],
    ['rejection', 'RangeError', /^nobody awaits this$/],
    ['out of memory', 'Error', /memory/],
  ])('gives up when one dies again and again in vain: %s', async (mishap, name, message) => {
    const task = createTask({ what: 'die', victim: 1, mishap });
    const { restarts, results } = start(task, { maxRestarts: 1 });
    const error = await failureOf(results);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ code: 'worker-lost', worker: 1 });
    const text = (error as Error).message;
    expect(text).toMatch(
      /^Worker 1 of 2 \(.*\) died 2 times in a row without getting any further, at last of: /,
    );
    const cause = (error as Error).cause as Error;
    expect(cause.name).toBe(name);
    expect(cause.message).toMatch(message);
    expect(text).toContain(cause.message.replace(/\.$/, ''));
    expect(restarts.map(({ worker }) => worker)).toEqual([1]);
    // The other one heard of it and ended.
    expect(threads).toHaveLength(3);
  });

  it('never gives up while each gets a step further', async () => {
    const task = createTask({ what: 'one step', victim: 0, mishap: 'throw', quota: 4 });
    const { restarts, results } = start(task, { workers: 1, maxRestarts: 0 });
    expect(await results).toEqual([4]);
    expect(restarts).toHaveLength(4);
  });

  it('takes what a worker has posted for a step, where nothing else is told', async () => {
    const crew = (task: CrewTask): Promise<unknown> =>
      startCrew({ module, workers: 1, data: task, maxRestarts: 0, execArgv: sourceArguments });
    expect(await crew(createTask({ what: 'one step', victim: 0, quota: 2 }))).toEqual([2]);
    const error = await failureOf(crew(createTask({ what: 'die', victim: 0 })));
    expect(error).toMatchObject({ code: 'worker-lost', worker: 0 });
  });

  it('ends with the error of whoever knows that nobody can go on', async () => {
    const { restarts, results } = start(createTask({ what: 'refuse', victim: 1 }));
    const error = await failureOf(results);
    expect(error).toBeInstanceOf(FastWeightsError);
    expect(error).toMatchObject({ code: 'diverged', message: 'It is no number.' });
    expect(restarts).toEqual([]);
  });

  it('ends for all when the signal is aborted, and leaves no listener', async () => {
    const stop = new AbortController();
    const { results } = start(createTask({ what: 'listen' }), {
      signal: stop.signal,
      onMessage: () => stop.abort(new Error('enough')),
    });
    expect(await results).toEqual(['0 heard: enough', '1 heard: enough']);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('tells those too that are started after the abort', async () => {
    const { results } = start(createTask({ what: 'listen' }), {
      signal: AbortSignal.abort(new Error('too late')),
    });
    expect(await results).toEqual(['0 heard: too late', '1 heard: too late']);
  });

  it('does not begin anew after the abort', async () => {
    const stop = new AbortController();
    const { restarts, results } = start(createTask({ what: 'deaf', victim: 0 }), {
      signal: stop.signal,
      onMessage(message) {
        if (message !== 'deaf') return;
        stop.abort(new Error('enough'));
        void threads[0]?.terminate();
      },
    });
    expect(await results).toEqual([undefined, '1 heard: enough']);
    expect(restarts).toEqual([]);
  });

  it('ends those that do not hear, after a while', async () => {
    const stop = new AbortController();
    let aborted = 0;
    const { results } = start(createTask({ what: 'deaf', victim: 0 }), {
      signal: stop.signal,
      grace: 1000,
      onMessage(message) {
        if (message !== 'deaf') return;
        aborted = performance.now();
        stop.abort(new Error('enough'));
      },
    });
    expect(await results).toEqual([undefined, '1 heard: enough']);
    expect(performance.now() - aborted).toBeGreaterThan(990);
  });

  it('ends a thread that lives on after its work', async () => {
    expect(await start(createTask({ what: 'linger' })).results).toEqual(['done', 'done']);
  });

  it('ends when a listener throws', async () => {
    const { results } = start(createTask({ what: 'listen' }), {
      onMessage: () => {
        throw new Error('the disk is full');
      },
    });
    expect(await failureOf(results)).toMatchObject({ message: 'the disk is full' });
  });

  it('hands each what is to be handed to it when it is started', async () => {
    const stop = new AbortController();
    const { results } = start(createTask({ what: 'echo' }), {
      data: (index: number, restarts: number) =>
        createTask({ what: index === 1 && restarts < 2 ? 'die' : 'echo', victim: 1 }),
      signal: stop.signal,
    });
    expect(await results).toEqual([
      { index: 0, of: 2, restarts: 0 },
      { index: 1, of: 2, restarts: 2 },
    ]);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('gives up where the module cannot be loaded, or the data cannot be sent', async () => {
    const missing = new URL('data:text/javascript,throw new RangeError("not today")');
    const lost = await failureOf(startCrew({ module: missing, workers: 2 }));
    expect(lost).toMatchObject({ code: 'worker-lost', cause: { message: 'not today' } });
    const odd = await failureOf(startCrew({ module, workers: 2, data: { work: () => {} } }));
    expect(odd).toMatchObject({ name: 'DataCloneError' });
  });

  it('refuses what cannot be', async () => {
    await expect(startCrew({ module, workers: 0 })).rejects.toThrow(OptionError);
    await expect(startCrew({ module, workers: 1, maxRestarts: -1 })).rejects.toThrow(OptionError);
    await expect(startCrew({ module, workers: 1, grace: -1 })).rejects.toThrow(OptionError);
    await expect(startCrew({ module, threads: 2 } as never)).rejects.toThrow(/"threads"/);
    await expect(runCrewWorker(() => {})).rejects.toThrow(/startCrew/);
  });
});
