import { type PaperTable, type PlannedRun, paperTables, planTable } from '@fastweights/experiments';
import { beforeAll, describe, expect, it } from 'vitest';
import { oddRefusals } from '../src/odd-refusals.ts';
import { timeNeeded } from '../src/reproduce/plan-states.ts';
import type { BegunRun, RunFolder } from '../src/reproduce/run-folder.ts';
import { defaultParallel, workForce } from '../src/reproduce/work-force.ts';
import { turnstile } from '../src/training-run/turnstile.ts';

let todo: PlannedRun[] = [];
beforeAll(async () => {
  const settings = ['maxUpdates=1000'];
  todo = await planTable(paperTables['table1'] as PaperTable, { units: [20], seeds: 1, settings });
});

/** A folder in which the first run was begun on this backend. */
const folder = (backend?: BegunRun['sessions'][number]['backend']): RunFolder => ({
  out: '',
  directoryOf: async () => '',
  find: async () => undefined,
  begun: async (hash) => {
    if (backend === undefined || hash !== todo[0]?.hash) return undefined;
    const session = { started: '', workers: 1, backend, device: '', seconds: 1 };
    return { update: 400, errors: [], sessions: [session] };
  },
});

describe('runs side by side', () => {
  it.each([
    [{ workers: 1, backend: 'wasm', parallel: 3 }, 3, 'wasm'],
    [{ workers: 1, backend: 'cpu', parallel: 9 }, 4, 'cpu'],
    [{ workers: 1, parallel: 2 }, 2, 'wasm'],
    [{ workers: 2, parallel: 1 }, 1, 'wasm'],
    [{ workers: 1, backend: 'webgpu' }, 1, 'webgpu'],
    [{ workers: 1, backend: 'tensorflow', parallel: 1 }, 1, 'tensorflow'],
  ] as const)('of %j are %i, on %s', async (wishes, parallel, firstBackend) => {
    expect(await workForce(todo, folder(), wishes)).toEqual({
      ...{ parallel, firstBackend, notes: [] },
    });
  });

  it('are none where a run goes on on a backend that has no room for two', async () => {
    const force = await workForce(todo, folder('webgpu'), { workers: 1, parallel: 2 });
    expect(force).toMatchObject({ parallel: 1, firstBackend: 'wasm' });
    expect(force.notes.join()).toMatch(/^a run was begun on webgpu/);
    const named = { workers: 1, parallel: 2, backend: 'wasm' } as const;
    expect((await workForce(todo, folder('webgpu'), named)).parallel).toBe(2);
    expect((await workForce(todo, folder('cpu'), { workers: 1, parallel: 2 })).parallel).toBe(2);
  });

  it('come with a word about backends that should be there, and do not work', () => {
    const refused = ['no-adapter', 'wrong-numbers'].map((code) => ({ code, message: code }));
    expect(oddRefusals(refused)).toEqual(['not on wrong-numbers']);
  });

  it('are refused where one run uses all that there is', async () => {
    const wishes = { workers: 1, parallel: 2, backend: 'webgpu' } as const;
    await expect(workForce(todo, folder(), wishes)).rejects.toThrow(
      '--parallel is for wasm and cpu: webgpu uses all that there is for one run.',
    );
  });

  it.each([
    [1, 2, 16, 2],
    [2, 2, 16, 1],
    [3, 8, 16, 2],
    [4, 2, 16, 1],
    [1, 64, 8, 8],
    [1, 4, 0.5, 1],
  ])('with %i workers on %i cores and %d GiB are %i', (workers, cores, memory, runs) => {
    expect(defaultParallel(workers, cores, memory * 2 ** 30)).toBe(runs);
  });
});

describe('the time of a dry run', () => {
  const resultOf = (run: PlannedRun, seconds: number) => ({
    run,
    result: {
      ...{ updates: 1000, seconds, stopped: 'updates' as const, testError: 0, curve: [] },
      best: { validationError: 0, validationLoss: 0, update: 1000 },
    },
  });

  it('is told only where each model and size has been timed', () => {
    const [first, second] = todo as [PlannedRun, PlannedRun];
    const states = { todo: [first, second], begun: new Map() };
    const one = new Map([['a', resultOf(first, 100)]]);
    const both = new Map([...one, ['b', resultOf(second, 30)] as const]);
    expect(timeNeeded({ ...states, done: one }, { workers: 1, parallel: 1 })).toBeUndefined();
    expect(timeNeeded({ ...states, done: both }, { workers: 1, parallel: 1 })).toBe(130);
    expect(timeNeeded({ ...states, done: both }, { workers: 1, parallel: 2 })).toBe(100);
    const begun = new Map([[first.hash, { update: 400, errors: [], sessions: [] }]]);
    const left = timeNeeded({ ...states, done: both, begun }, { workers: 1, parallel: 1 });
    expect(left).toBeCloseTo(90, 10);
  });
});

describe('a turnstile', () => {
  it('lets one through at a time, in order, and forgives a second goodbye', async () => {
    const { enter } = turnstile();
    const order: string[] = [];
    const go = async (name: string): Promise<void> => {
      const leave = await enter();
      order.push(`+${name}`);
      await new Promise((resolve) => setTimeout(resolve));
      order.push(`-${name}`);
      leave();
      leave();
    };
    await Promise.all(['a', 'b', 'c'].map(go));
    expect(order).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
  });
});
