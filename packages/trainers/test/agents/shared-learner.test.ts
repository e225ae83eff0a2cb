import { countWeights, OptionError, readSafetensors } from '@fastweights/core';
import { expectClose } from '@fastweights/testing';
import {
  type NamedTensorMap,
  onesLike,
  tensor1d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { countsOf, note } from '../../src/agents/agent-ledger.ts';
import { LOCK, ownedBy, partsOf } from '../../src/agents/shared-memory.ts';
import {
  adam,
  createSharedMemory,
  framesOf,
  freeLock,
  joinSharedLearner,
  rmsProp,
  type SharedMemory,
  sharedCounts,
} from '../../src/index.ts';
import { learn } from './learning.ts';
import { smallAgent } from './small-agent.ts';

const optimizers = {
  adam: ({ weights }: { weights: Parameters<typeof adam>[0] }) =>
    adam(weights, { learningRate: { kind: 'cosine', from: 0.02, updates: 8 }, clipNorm: 0.5 }),
  rmsProp: ({ weights }: { weights: Parameters<typeof adam>[0] }) =>
    rmsProp(weights, { learningRate: 0.01 }),
};

function memoryFor(workers: number, by: keyof typeof optimizers): SharedMemory {
  const agent = smallAgent({ observationSize: 3, actions: 2 });
  const weights = countWeights(agent.weights);
  const moments = optimizers[by](agent).memory?.size as number;
  expect(moments).toBe(by === 'adam' ? 2 * weights : weights);
  return createSharedMemory({ weights, moments, workers });
}

describe.each(['adam', 'rmsProp'] as const)('%s, shared', (by) => {
  const optimizerOf = optimizers[by];

  it('is with one worker what it is alone, bit for bit', async () => {
    const alone = await learn({ optimizerOf, saveEvery: 40 });
    const memory = memoryFor(1, by);
    const shared = joinSharedLearner(memory, 0);
    const together = await learn({ optimizerOf, saveEvery: 40, shared });
    expect(together.weights).toEqual(alone.weights);
    expect(together.moments).toEqual(alone.moments);
    expect(together.progress).toEqual(alone.progress);
    expect(together.states).toEqual(alone.states);
    expect(together.result).toEqual(alone.result);
    expect(sharedCounts(memory)).toEqual({ frames: 120, updates: 10, episodes: 30 });
    expect(framesOf(memory, 0)).toBe(120);
    const values = [...readSafetensors(alone.weights).tensors.values()].flatMap((t) => [
      ...t.values,
    ]);
    expect([...partsOf(memory).weights]).toEqual(values);

    const from = alone.states[0];
    const again = joinSharedLearner(memoryFor(1, by), 0);
    const rest = await learn({ optimizerOf, saveEvery: 40, shared: again, from, weightSeed: 9 });
    expect(rest.weights).toEqual(alone.weights);
  });

  it('loses no update of two learners at once', async () => {
    const updates = 60;
    // The same gradient each time: the order plays no part, so that so many updates in a row are the oracle.
    const start = (): { weights: { w: Variable }; gradients: NamedTensorMap } =>
      tidy(() => {
        const w = variable(tensor1d([1, -2, 3]));
        return { weights: { w }, gradients: { w: tensor1d([0.5, -0.25, 1]) } };
      });
    const expected = start();
    const oracle = optimizerOf(expected);
    for (let i = 0; i < 2 * updates; i++) oracle.apply({ w: onesLike(expected.weights.w) });

    const moments = oracle.memory?.size as number;
    const memory = createSharedMemory({ weights: 3, moments, workers: 2 });
    const weights = await Promise.all(
      [0, 1].map(async (index) => {
        const own = start();
        const optimizer = optimizerOf(own);
        const learner = joinSharedLearner(memory, index).attach(own.weights, optimizer);
        await learner.begin(undefined);
        for (let i = 0; i < updates; i++) {
          await learner.update(1, () => {
            optimizer.apply({ w: onesLike(own.weights.w) });
            const nothing = { episodes: 0, rewards: 0, loss: 0 };
            note(learner.ledger, {
              ...nothing,
              frames: 1,
              policyLoss: 0,
              valueLoss: 0,
              entropy: 0,
            });
          });
          // Others come in between.
          if (i % 7 === index) await new Promise((resolve) => setTimeout(resolve));
        }
        await learner.leave();
        return own.weights.w;
      }),
    );
    expect(sharedCounts(memory)).toEqual({
      frames: 2 * updates,
      updates: 2 * updates,
      episodes: 0,
    });
    expect([framesOf(memory, 0), framesOf(memory, 1)]).toEqual([updates, updates]);
    const values = [...partsOf(memory).weights];
    expect(values).toEqual([...expected.weights.w.dataSync()]);
    // Whoever leaves last has the newest.
    expect(weights.map((w) => [...w.dataSync()])).toContainEqual(values);
  });
});

describe('two learners', () => {
  it('reach the end together, and one of them hands over the state', async () => {
    const memory = memoryFor(2, 'rmsProp');
    const both = await Promise.all(
      [0, 1].map((index) =>
        learn({ shared: joinSharedLearner(memory, index), seed: index, maxFrames: 1200 }),
      ),
    );
    const { frames, updates, episodes } = sharedCounts(memory);
    // The other may have been in the middle of an update.
    expect([1200, 1212]).toContain(frames);
    expect([updates, episodes]).toEqual([frames / 12, frames / 4]);
    expect(framesOf(memory, 0) + framesOf(memory, 1)).toBe(frames);
    const states = both.flatMap((learnt) => learnt.states);
    expect(states.length).toBe(1);
    expect(states[0]).toMatchObject({ frames, updates, episodes });
    expect(states[0]?.worlds).toBeUndefined();
    // Reports are about all frames, each of them in one.
    const reported = both.flatMap(({ progress }) => progress.map((p) => p.frames));
    expect(new Set(reported).size).toBe(reported.length);
    expect(reported.length).toBeGreaterThan(30);

    const from = states[0];
    const rest = joinSharedLearner(memoryFor(2, 'rmsProp'), 0);
    const { result } = await learn({ shared: rest, from, maxFrames: 1500 });
    expect(result.frames).toBeGreaterThanOrEqual(1500);
    expect(result.updates).toBe(result.frames / 12);
  });

  it('take up what the others have learnt', async () => {
    const memory = memoryFor(2, 'rmsProp');
    const first = await learn({ shared: joinSharedLearner(memory, 0) });
    // There is nothing left to do.
    const second = await learn({ shared: joinSharedLearner(memory, 1), weightSeed: 9 });
    expect(second.weights).toEqual(first.weights);
    expect(second.moments).toEqual(first.moments);
  });
});

describe('a worker that dies', () => {
  it('while it changes the weights, holds the others up until it is known', async () => {
    const memory = memoryFor(2, 'rmsProp');
    const { words } = partsOf(memory);
    Atomics.store(words, LOCK, ownedBy(1));
    const learning = learn({ shared: joinSharedLearner(memory, 0) });
    const isDone = await Promise.race([
      learning.then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
    expect(isDone).toBe(false);
    expect(freeLock(memory, 0)).toBe(false);
    expect(freeLock(memory, 1)).toBe(true);
    expect((await learning).result.frames).toBe(120);
  });

  it('elsewhere holds nobody up, nor does its lock when another takes its place', async () => {
    const memory = memoryFor(2, 'rmsProp');
    expect(freeLock(memory, 1)).toBe(false);
    Atomics.store(partsOf(memory).words, LOCK, ownedBy(1));
    const { result } = await learn({ shared: joinSharedLearner(memory, 1) });
    expect(result.frames).toBe(120);
  });

  it('does not keep the last one from handing over the state', async () => {
    const memory = memoryFor(2, 'rmsProp');
    const agent = smallAgent({ observationSize: 3, actions: 2 });
    const dead = joinSharedLearner(memory, 1).attach(agent.weights, rmsProp(agent.weights));
    await dead.begin(undefined);
    freeLock(memory, 1);
    const { states } = await learn({ shared: joinSharedLearner(memory, 0) });
    expect(states.length).toBe(1);
    expect(countsOf(dead.ledger).frames).toBe(120);
  });
});

describe('odd options', () => {
  it('are refused', async () => {
    const options = { weights: 3, moments: 3, workers: 2 };
    for (const name of ['weights', 'workers'] as const) {
      expect(() => createSharedMemory({ ...options, [name]: 0 })).toThrow(OptionError);
    }
    expect(() => createSharedMemory({ ...options, moments: -1 })).toThrow(/^moments/);
    expect(() => createSharedMemory({ ...options, worker: 1 } as never)).toThrow(OptionError);
    const memory = createSharedMemory(options);
    expect(() => joinSharedLearner(memory, 2)).toThrow(/^part.index/);
    const shared = joinSharedLearner(memory, 0);
    await expect(learn({ shared })).rejects.toThrow(/^memory.weights must be \d+, as here, but/);
    const bare = {
      apply: () => undefined,
      save: async () => new Uint8Array(),
      load: () => undefined,
    };
    const without = learn({ shared, optimizer: { ...bare, dispose: () => undefined } });
    await expect(without).rejects.toThrow(/^optimizer must be one with a memory/);
  });

  it('are refused where memory cannot be shared', () => {
    const { SharedArrayBuffer: own } = globalThis;
    try {
      Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
      const create = (): unknown => createSharedMemory({ weights: 1, moments: 1, workers: 1 });
      expect(create).toThrow(expect.objectContaining({ code: 'no-shared-memory' }));
    } finally {
      globalThis.SharedArrayBuffer = own;
    }
  });
});

it('an optimiser hands its memory over, and takes another', async () => {
  const weights = { a: variable(tensor1d([1, 2])), b: variable(tensor1d([3])) };
  const optimizer = adam(weights);
  optimizer.apply({ a: tensor1d([1, 2]), b: tensor1d([4]) }, 0.5);
  expect(optimizer.learningRate).toBe(0.5);
  const { memory } = optimizer;
  const numbers = new Float32Array(memory?.size as number);
  await memory?.read(numbers);
  // The means, then the squares: a tenth and a thousandth of what came in.
  expectClose([...numbers], [0.1, 0.2, 0.4, 0.001, 0.004, 0.016], { relative: 1e-5 });
  expect(memory?.updates).toBe(1);
  const other = adam(weights);
  other.memory?.write(numbers);
  if (other.memory) other.memory.updates = 1;
  expect(await other.save()).toEqual(await optimizer.save());
});
