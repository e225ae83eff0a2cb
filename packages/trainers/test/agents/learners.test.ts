import type { Worker } from 'node:worker_threads';
import { countWeights, integer, OptionError, random } from '@fastweights/core';
import { sourceArguments, sourceModule } from '@fastweights/testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AgentProgress,
  type AgentState,
  adam,
  createSharedMemory,
  type SharedMemory,
} from '../../src/index.ts';
import { startLearners } from '../../src/node/index.ts';
import type { LearnerTask } from './learner-thread.ts';
import { smallAgent } from './small-agent.ts';

const module = sourceModule(new URL('./learner-thread.ts', import.meta.url));

const threads: Worker[] = [];
const note = (thread: Worker): unknown => threads.push(thread);
afterEach(() => {
  process.off('worker', note);
  // -1 is that of a thread that is no more.
  const started = threads.splice(0);
  expect(started.map(({ threadId }) => threadId)).toEqual(started.map(() => -1));
});

function memoryFor(workers: number): SharedMemory {
  const agent = smallAgent({ observationSize: 3, actions: 2 });
  const moments = adam(agent.weights).memory?.size as number;
  return createSharedMemory({ weights: countWeights(agent.weights), moments, workers });
}

interface Told {
  readonly progress: AgentProgress[];
  readonly states: AgentState[];
  readonly restarts: { readonly worker: number; readonly error: Error }[];
}

function start(memory: SharedMemory | undefined, task: LearnerTask, signal?: AbortSignal) {
  process.on('worker', note);
  const told: Told = { progress: [], states: [], restarts: [] };
  const results = startLearners<Record<string, unknown>>({
    memory,
    module,
    data: task,
    execArgv: sourceArguments,
    signal,
    onMessage(message) {
      const { kind, ...rest } = message as { kind: string };
      if (kind === 'progress') told.progress.push((rest as { progress: AgentProgress }).progress);
      else told.states.push((rest as { state: AgentState }).state);
    },
    onRestart: (worker, error) => void told.restarts.push({ worker, error }),
  });
  return { told, results };
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('learners that share weights', { timeout: 240_000 }, () => {
  it('die at random, one while it changes the weights, and learn all the same', async () => {
    const stream = random(3);
    const stop = new AbortController();
    const { told, results } = start(
      memoryFor(2),
      { maxFrames: 1_000_000_000, victim: 1 },
      stop.signal,
    );
    results.catch(() => {});
    await until(() => told.restarts.length === 1);
    const DEATHS = 5;
    for (let death = 1; death < DEATHS; death++) {
      const { length } = told.progress;
      await until(() => told.progress.length > length + 2);
      const alive = threads.filter(({ threadId }) => threadId !== -1);
      void alive[integer(stream, alive.length)]?.terminate();
      await until(() => told.restarts.length > death);
    }
    const isLearnt = (): boolean => (told.progress.at(-1)?.meanReward ?? 0) > 0.99;
    const { length } = told.progress;
    await until(() => told.progress.length > length + 2 && isLearnt());
    stop.abort();
    const done = await results;
    expect(told.restarts[0]).toMatchObject({ worker: 1 });
    expect(told.restarts[0]?.error.message).toMatch(/exit code 3/);
    expect(done).toMatchObject([
      { stopped: 'signal', isShared: true },
      { stopped: 'signal', isShared: true },
    ]);
    // Frames are counted by all together, and no death makes any count twice.
    const frames = told.progress.map((progress) => progress.frames);
    expect(new Set(frames).size).toBe(frames.length);
    expect(told.states.at(-1)?.frames).toBe(
      Math.max(...done.map((one) => Number(one?.['frames']))),
    );
  });

  it('are one where memory is not shared', async () => {
    const { told, results } = start(undefined, { maxFrames: 480 });
    expect(await results).toMatchObject([{ stopped: 'frames', frames: 480, isShared: false }]);
    expect(told.states.at(-1)).toMatchObject({ frames: 480 });
  });

  it('refuse what cannot be', async () => {
    const given = { memory: undefined, module };
    await expect(startLearners({ ...given, workers: 3 } as never)).rejects.toThrow(OptionError);
    await expect(startLearners({ ...given, maxRestarts: -1 })).rejects.toThrow(/^maxRestarts/);
  });
});
