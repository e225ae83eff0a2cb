import { FastWeightsError, OptionError } from '@fastweights/core';
import { expectClose, sourceArguments, sourceModule } from '@fastweights/testing';
import { getBackend, getKernel } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createGroupMemory,
  differentiate,
  errorRate,
  joinGroup,
  type Progress,
  type SupervisedResult,
  type TrainingState,
  WorkerLostError,
} from '../src/index.ts';
import { runWorker, startWorkers } from '../src/node/index.ts';
import { markGone } from '../src/workers/group-memory.ts';
import { classifier, points } from './points.ts';
import type { Numbers, Task } from './training-worker.ts';

const module = sourceModule(new URL('./training-worker.ts', import.meta.url));

/** Workers compute on what this test computes on. */
const backend = getBackend() as 'cpu' | 'wasm';
const fused = getKernel('FastWeightsLinear', backend) ? backend : undefined;

const start = <Result>(
  workers: number,
  data: Task,
  options: { signal?: AbortSignal; onMessage?: (message: unknown) => void } = {},
): Promise<Result> =>
  startWorkers<Result>({
    module,
    workers,
    data: { ...data, fused },
    execArgv: sourceArguments,
    ...options,
  });

interface Trained {
  readonly result: SupervisedResult;
  readonly states: readonly TrainingState[];
  readonly progress: readonly Progress[];
  /** As each worker's model has them in the end. */
  readonly weights: readonly Uint8Array[];
}

async function train(workers: number, task: Partial<Task> = {}): Promise<Trained> {
  const weights: Uint8Array[] = [];
  const trained = await start<Omit<Trained, 'weights'>>(
    workers,
    { ...task, what: 'train' },
    {
      onMessage(message) {
        if (message === 'under way') return;
        const { index, weights: bytes } = message as { index: number; weights: Uint8Array };
        weights[index] = bytes;
      },
    },
  );
  return { ...trained, weights };
}

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe('the gradients of a batch', () => {
  it.each([
    [2, 32],
    [3, 32],
    [2, 31],
    // A part of no rows.
    [3, 2],
  ])('are with %i workers as with one, for %i rows', async (workers, batchSize) => {
    const found = await start<{ loss: number; gradients: Numbers }>(workers, {
      what: 'gradients',
      batchSize,
    });
    for await (const batch of points(100, 1).batches(batchSize, { epoch: 2, example: 0 })) {
      const { loss, gradients } = differentiate(classifier())(batch);
      const tolerance = { relative: 1e-5, absolute: 1e-7 };
      expectClose([found.loss], [...loss.dataSync()], tolerance);
      expect(Object.keys(found.gradients)).toEqual(Object.keys(gradients));
      for (const [path, gradient] of Object.entries(gradients)) {
        expectClose(found.gradients[path] as number[], [...gradient.dataSync()], tolerance);
      }
      break;
    }
  });
});

describe('training with workers', () => {
  let two: Trained;
  beforeAll(async () => {
    two = await train(2);
  });

  it('is the same in every run, and for every worker, to the bit', async () => {
    expect(await train(2)).toEqual(two);
    expect(two.weights[1]).toEqual(two.weights[0]);
    expect(two.result).toMatchObject({ updates: 60, stopped: 'updates' });
    const updates = two.progress.map(({ update }) => update);
    expect(updates).toEqual([4, 8, 12, 15, 16, 20, 24, 28, 30, 32, 36, 40, 44, 45, 48, 52, 56, 60]);
  });

  it('learns as with one, and with three', async () => {
    const [one, three] = [await train(1), await train(3)];
    for (const other of [one, three]) {
      expectClose(
        other.progress.map(({ loss }) => loss),
        two.progress.map(({ loss }) => loss),
        { relative: 1e-3 },
      );
    }
    expect(three.weights[2]).toEqual(three.weights[0]);
  });

  it('goes on from any state to the same bits', async () => {
    expect(two.states.map(({ update }) => update)).toEqual([10, 20, 30, 40, 50, 60]);
    for (const from of [two.states[0], two.states[3]] as TrainingState[]) {
      const after = await train(2, { from });
      expect(after.result).toEqual(two.result);
      expect(after.weights).toEqual(two.weights);
      expect(after.progress).toEqual(two.progress.filter(({ update }) => update > from.update));
      expect(last(after.states)).toEqual(last(two.states));
    }
  });

  it('stops for all when the signal is aborted, with a state to go on from', async () => {
    const stop = new AbortController();
    const stopped = await start<Omit<Trained, 'weights'>>(
      2,
      { what: 'train', maxUpdates: 1_000_000 },
      { signal: stop.signal, onMessage: () => stop.abort() },
    );
    const { updates, stopped: why } = stopped.result;
    expect(why).toBe('signal');
    expect(last(stopped.states).update).toBe(updates);
    expect(updates).toBeGreaterThanOrEqual(8);
  });

  it('diverges for all at once, and says where', async () => {
    const error = await train(2, { mishap: 'NaN' }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      name: 'DivergedError',
      code: 'diverged',
      divergence: { update: 21, what: 'loss', before: { update: 20 } },
    });
  });

  it('shares the validation', async () => {
    const alone = await errorRate(classifier(), points(301, 2));
    for (const workers of [1, 2, 3]) {
      expect(await start<number>(workers, { what: 'error rate' })).toBe(alone);
    }
  });
});

describe('a worker that is lost ends the others within a second:', () => {
  const fail = async (task: Partial<Task>, whileRunning?: () => void) => {
    let failed = 0;
    const error: unknown = await start(
      3,
      { maxUpdates: 1_000_000, ...task, what: 'train' },
      {
        onMessage: () => {
          failed = performance.now();
          whileRunning?.();
        },
      },
    ).catch((e: unknown) => e);
    return { error, milliseconds: performance.now() - failed };
  };

  it('one that exits', async () => {
    const { error, milliseconds } = await fail({ mishap: 'exit' });
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ code: 'worker-lost', worker: 1 });
    expect((error as Error).message).toMatch(/^Worker 1 of 3 .* ended with exit code 3/);
    expect(milliseconds).toBeLessThan(1500);
  });

  it('one that throws, whose error is the one that is told', async () => {
    const { error, milliseconds } = await fail({ mishap: 'throw' });
    expect(error).toMatchObject({ name: 'TypeError', message: 'a bug' });
    expect(milliseconds).toBeLessThan(1500);
  });

  it.each([0, 2])('number %i, terminated', async (index) => {
    const threads: { terminate(): unknown }[] = [];
    const note = (thread: { terminate(): unknown }): unknown => threads.push(thread);
    process.on('worker', note);
    let isTold = false;
    const { error, milliseconds } = await fail({}, () => {
      if (!isTold) threads[index]?.terminate();
      isTold = true;
    });
    process.off('worker', note);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ worker: index });
    expect(milliseconds).toBeLessThan(1500);
  });

  it('one whose data heed no part', async () => {
    const { error } = await fail({ mishap: 'heed no part' });
    expect(error).toMatchObject({ code: 'parts' });
    expect((error as Error).message).toMatch(/have 53 rows together, not 32/);
  });

  it('one whose module cannot be loaded', async () => {
    const missing = new URL('data:text/javascript,throw new RangeError("not today")');
    const error = await startWorkers({ module: missing, workers: 2 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'RangeError', message: 'not today' });
  });
});

describe('a group', () => {
  const join = (workers: number, room: number, blocks = false) => {
    const memory = createGroupMemory({ workers, room });
    const members = Array.from({ length: workers }, (_, i) => joinGroup(memory, i, { blocks }));
    return { memory, members };
  };

  it.each([
    [2, 4],
    [3, 4],
    [2, 16],
    [3, 16],
  ])('of %i adds up lists of any length in its order, however often', async (workers, room) => {
    const { members } = join(workers, room);
    for (const length of [1, 4, 5, 11]) {
      for (let round = 0; round < 3; round++) {
        const lists = members.map((_, w) =>
          Float32Array.from({ length }, (_, i) => 1e8 ** (w % 2) * (i + 1) + round),
        );
        const expected = Float32Array.from({ length }, (_, i) =>
          lists.reduce((sum, list) => Math.fround(sum + (list[i] as number)), 0),
        );
        const own = lists.map((list) => list.slice());
        await Promise.all(members.map((member, w) => member.sum(own[w] as Float32Array)));
        expect(own).toEqual(members.map(() => expected));
      }
    }
  });

  it('weighs what comes after a number of them by each worker’s share', async () => {
    const { members } = join(3, 4);
    const lists = members.map((_, w) => Float32Array.from({ length: 11 }, (_, i) => 16 * i + w));
    const shares = [0.5, 0.125, 0.375];
    await Promise.all(
      members.map((member, w) =>
        member.sum(lists[w] as Float32Array, { own: shares[w] as number, from: 5 }),
      ),
    );
    const expected = Array.from({ length: 11 }, (_, i) => (i < 5 ? 48 * i + 3 : 16 * i + 0.875));
    for (const list of lists) expect([...list]).toEqual(expected);
  });

  it('counts what a worker handed in before it left, and waits for it no more', async () => {
    const { members } = join(2, 4);
    const [one, two] = members as [(typeof members)[0], (typeof members)[0]];
    const [a, b] = [Float32Array.of(1), Float32Array.of(2)];
    const sum = one.sum(a);
    await two.sum(b);
    two.leave();
    await sum;
    expect([a[0], b[0]]).toEqual([3, 3]);
    await expect(one.sum(a)).rejects.toThrow(WorkerLostError);
  });

  it('hears in its sleep that another is gone', async () => {
    const { memory, members } = join(2, 4, true);
    markGone(memory, 1);
    const start = performance.now();
    await expect(members[0]?.sum(Float32Array.of(1))).rejects.toThrow(/^Worker 1 of 2/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('refuses what cannot be', async () => {
    expect(() => createGroupMemory({ workers: 0 })).toThrow(OptionError);
    expect(() => createGroupMemory({ workers: 1, room: 0.5 })).toThrow(/^room/);
    expect(() => createGroupMemory({ workers: 1, size: 1 } as never)).toThrow(/"size"/);
    const memory = createGroupMemory({ workers: 2, room: 1 });
    expect(() => joinGroup(memory, 2)).toThrow(/^part.index must be less than part.of, 2/);
    expect(() => joinGroup(memory, 0, { block: true } as never)).toThrow(OptionError);
    await expect(startWorkers({ module, workers: 0 })).rejects.toThrow(OptionError);
    await expect(startWorkers({ module, threads: 2 } as never)).rejects.toThrow(/"threads"/);
    await expect(runWorker(() => {})).rejects.toThrow(FastWeightsError);
  });
});
