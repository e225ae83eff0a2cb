import { integer, random } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import {
  type PlannedRun,
  paperTables,
  parseConfig,
  planTable,
  type ReproduceEvent,
  type RunContext,
  type RunOutcome,
  type RunResult,
  reproduce,
  summarise,
} from '../src/index.ts';

const result = (
  testError: number,
  validationError: number = testError,
  validationLoss = 0.1,
): RunResult => ({
  updates: 200,
  stopped: 'updates',
  best: { validationError, validationLoss, update: 100 },
  testError,
  curve: [{ update: 200, loss: 1, validationError }],
  seconds: 2,
});

const run = (name: string, seed = 1): PlannedRun => ({
  table: 'table1',
  model: 'lstm',
  units: 50,
  seed,
  config: parseConfig({ seed }),
  hash: name,
});

/** A store in memory, and a training that goes ten updates at a time. */
function workshop() {
  const states = new Map<string, RunResult | 'begun'>();
  const updates = new Map<string, number>();
  const tests = new Map<string, number>();
  return {
    states,
    tests,
    store: { find: async (hash: string) => states.get(hash) },
    async train({ hash }: PlannedRun, { resume, signal }: RunContext, mishap: () => void) {
      const from = updates.get(hash) ?? 0;
      expect(resume, hash).toBe(states.get(hash) === 'begun');
      states.set(hash, 'begun');
      for (let update = from; update < 100; update += 10) {
        updates.set(hash, update);
        await Promise.resolve();
        mishap();
        if (signal?.aborted) return undefined;
      }
      tests.set(hash, (tests.get(hash) ?? 0) + 1);
      const done = result(0.1);
      states.set(hash, done);
      return done;
    },
  };
}

describe('reproduce', () => {
  it('trains what is new, goes on with what was begun, and skips what is done', async () => {
    const { store, states } = workshop();
    states.set('b', 'begun').set('c', result(0.2));
    const seen: string[] = [];
    const outcomes = await reproduce(
      [run('a'), run('b'), run('c')],
      async ({ hash }, { resume }) => {
        seen.push(`${hash} ${resume}`);
        return result(0.1);
      },
      { store },
    );
    expect(seen).toEqual(['a false', 'b true']);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    expect(outcomes[2]).toMatchObject({ result: { testError: 0.2 } });
  });

  it('goes on with the others when one fails, and says which and why', async () => {
    const { store } = workshop();
    const events: ReproduceEvent[] = [];
    const outcomes = await reproduce(
      [run('a'), run('b'), run('c')],
      async ({ hash }) => {
        if (hash === 'b') throw new Error('diverged at update 7');
        return hash === 'c' ? undefined : result(0);
      },
      { store, onEvent: (event) => events.push(event) },
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'failed', 'failed']);
    expect(outcomes[1]).toMatchObject({ error: new Error('diverged at update 7') });
    expect(outcomes[2]).toMatchObject({ error: new Error('The run ended without a result.') });
    expect(events.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
      'started 0',
      'finished 0',
      'started 1',
      'failed 1',
      'started 2',
      'failed 2',
    ]);
  });

  it('takes a store that breaks for a failure of that run alone', async () => {
    const store = {
      find: async (hash: string) => {
        if (hash === 'a') throw new Error('no run');
        return undefined;
      },
    };
    const outcomes = await reproduce([run('a'), run('b')], async () => result(0), { store });
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'done']);
  });

  it('trains equal configs once, in however many tables they stand', async () => {
    const { store } = workshop();
    let times = 0;
    const twin = { ...run('a'), table: 'figure2' };
    const outcomes = await reproduce(
      [run('a'), twin],
      async () => {
        times++;
        return result(0.3);
      },
      { store },
    );
    expect(times).toBe(1);
    expect(outcomes.map(({ run, status }) => `${run.table} ${status}`)).toEqual([
      'table1 done',
      'figure2 done',
    ]);
  });

  it('leaves what comes after the signal, and what breaks because of it is no failure', async () => {
    const { store } = workshop();
    const controller = new AbortController();
    const outcomes = await reproduce(
      [run('a'), run('b')],
      async () => {
        controller.abort();
        throw new Error('aborted');
      },
      { store, signal: controller.signal },
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['left', 'left']);
  });

  it('trains so many side by side, and keeps the order of the plan', async () => {
    const { store, states } = workshop();
    states.set('d', result(0.4));
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    const plan = ['a', 'b', 'a', 'c', 'd', 'e'].map((name) => run(name));
    const ended = reproduce(
      plan,
      async ({ hash }) => {
        order.push(`+${hash}`);
        await new Promise<void>((resolve) => ends.set(hash, resolve));
        order.push(`-${hash}`);
        if (hash === 'c') throw new Error('diverged');
        return result(0.1);
      },
      { store, parallel: 2 },
    );
    for (const hash of ['b', 'c', 'e', 'a']) {
      await expect.poll(() => ends.has(hash)).toBe(true);
      ends.get(hash)?.();
    }
    const outcomes = await ended;
    expect(order).toEqual(['+a', '+b', '-b', '+c', '-c', '+e', '-e', '-a']);
    expect(outcomes.map(({ run, status }) => `${run.hash} ${status}`)).toEqual([
      ...['a done', 'b done', 'a done', 'c failed', 'd done', 'e done'],
    ]);
  });

  it('stops all that are trained side by side at the signal, and begins no other', async () => {
    const { store } = workshop();
    const controller = new AbortController();
    const begun: string[] = [];
    const outcomes = await reproduce(
      ['a', 'b', 'c'].map((name) => run(name)),
      async ({ hash }, { signal }) => {
        begun.push(hash);
        if (begun.length === 2) setTimeout(() => controller.abort());
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        return undefined;
      },
      { store, signal: controller.signal, parallel: 2 },
    );
    expect(begun).toEqual(['a', 'b']);
    expect(outcomes.map(({ status }) => status)).toEqual(['left', 'left', 'left']);
  });

  it('begins nothing more when nobody can be told, and waits for what is being trained', async () => {
    const { store } = workshop();
    const ended: string[] = [];
    const broken = reproduce(
      ['a', 'b', 'c'].map((name) => run(name)),
      async ({ hash }) => {
        await new Promise((resolve) => setTimeout(resolve, hash === 'a' ? 1 : 50));
        ended.push(hash);
        return result(0.1);
      },
      {
        store,
        parallel: 2,
        onEvent({ kind, run }) {
          if (kind !== 'started' && run.hash === 'a') throw new Error('no screen');
        },
      },
    );
    await expect(broken).rejects.toThrow('no screen');
    expect(ended).toEqual(['a', 'b']);
  });

  it.each([
    [{ parallel: 0 }, 'parallel must be a whole number of at least 1, but it is 0.'],
    [{ paralel: 2 }, 'among store, signal, parallel, onEvent, but it is "paralel"'],
  ])('refuses %j', async (wrong, message) => {
    const { store } = workshop();
    const broken = reproduce([run('a')], async () => result(0), { store, ...wrong });
    await expect(broken).rejects.toThrow(message);
  });

  it.each([1, 3])(
    'comes to the same end however often it is stopped and whatever fails on the way, %i at a time',
    async (parallel) => {
      for (let seed = 0; seed < 50; seed++) {
        const { store, tests, train } = workshop();
        const draw = random(seed);
        const plan = ['a', 'b', 'c', 'a', 'd'].map((name) => run(name));
        let outcomes: RunOutcome[] = [];
        let rounds = 0;
        do {
          const controller = new AbortController();
          const mishap = (): void => {
            if (rounds > 40) return;
            const chance = integer(draw, 25);
            if (chance === 0) controller.abort();
            if (chance === 1) throw new Error('disk full');
          };
          outcomes = await reproduce(plan, (one, context) => train(one, context, mishap), {
            ...{ store, parallel },
            signal: controller.signal,
          });
          expect(outcomes.length).toBe(plan.length);
          rounds++;
        } while (outcomes.some(({ status }) => status !== 'done'));
        expect([...tests]).toEqual([...tests.keys()].map((hash) => [hash, 1]));
        expect([...tests.keys()].toSorted()).toEqual(['a', 'b', 'c', 'd']);
      }
    },
  );
});

describe('a summary', () => {
  const table = { ...(paperTables['table1'] as (typeof paperTables)[string]) };
  const outcome = (seed: number, result: RunResult): RunOutcome => ({
    status: 'done',
    run: run(`${seed}`, seed),
    result,
  });

  it('chooses by validation, whatever the test says, and has mean and spread of the test', () => {
    const [cell, ...others] = summarise(table, [
      outcome(1, result(0.01, 0.03)),
      outcome(2, result(0.04, 0.02)),
      outcome(3, result(0.07, 0.05)),
      { status: 'failed', run: run('4', 4), error: new Error('why') },
      { status: 'left', run: run('5', 5) },
    ]);
    expect(others).toEqual([]);
    expect(cell).toMatchObject({ model: 'lstm', label: 'LSTM', units: 50, paper: 1.85, left: 1 });
    expect(cell?.chosen).toMatchObject({ seed: 2, value: 4, validation: 2 });
    expect(cell?.mean).toBeCloseTo(4, 10);
    expect(cell?.spread).toBeCloseTo(3, 10);
    expect(cell?.failed).toEqual([{ seed: 4, why: 'why' }]);
  });

  it('takes the lower loss, then the lower seed, where the validation error cannot tell', () => {
    const chosen = (...outcomes: RunOutcome[]): number | undefined =>
      summarise(table, outcomes)[0]?.chosen?.seed;
    expect(chosen(outcome(1, result(0, 0, 0.09)), outcome(2, result(0.1, 0, 0.08)))).toBe(2);
    expect(chosen(outcome(2, result(0, 0)), outcome(1, result(0.1, 0)))).toBe(1);
    expect(chosen({ status: 'left', run: run('5', 5) })).toBeUndefined();
  });

  it('has one seed without a spread, and accuracy where the paper has accuracy', () => {
    const own = summarise({ ...table, measure: 'accuracy' }, [outcome(1, result(0.25))]);
    expect(own[0]).toMatchObject({ mean: 75, spread: undefined });
  });
});

describe('the tables', () => {
  it('have the numbers of the paper', () => {
    const numbers = (name: string): unknown =>
      Object.fromEntries(
        (paperTables[name] as (typeof paperTables)[string]).rows.map(({ model, paper }) => [
          model,
          paper,
        ]),
      );
    expect(numbers('table1')).toEqual({
      irnn: [62.11, 60.23, 0.34],
      lstm: [60.81, 1.85, 0],
      'a-lstm': [60.13, 1.62, 0],
      'fast-weights': [1.81, 0, 0],
    });
    expect(numbers('figure2')).toEqual({
      irnn: [60.23],
      lstm: [1.85],
      'a-lstm': [1.62],
      'fast-weights': [0],
    });
    expect(numbers('table2')).toEqual({
      irnn: [12.95, 1.95, 1.42],
      lstm: [12, 1.55, 1.1],
      'conv-net': [1.81, 1, 0.9],
      'fast-weights': [7.21, 1.3, 0.85],
    });
    expect(numbers('table3')).toEqual({
      irnn: [81.11],
      lstm: [81.32],
      'conv-net': [88.23],
      'fast-weights': [86.34],
    });
  });

  it.each(['quick', 'standard', 'full'] as const)(
    'can all be planned, budget %s',
    async (budget) => {
      for (const table of Object.values(paperTables)) {
        const plan = await planTable(table, { budget });
        const seeds = table.rows.reduce((sum, row) => sum + row.plan[budget].seeds, 0);
        expect(plan.length).toBe(seeds * table.columns.length);
        expect(new Set(plan.map(({ hash }) => hash)).size).toBe(plan.length);
        for (const { config } of plan) expect(parseConfig(config)).toEqual(config);
      }
    },
  );

  it('share the runs that they have in common', async () => {
    const hashes = async (name: string): Promise<string[]> =>
      (await planTable(paperTables[name] as (typeof paperTables)[string])).map(({ hash }) => hash);
    const known = new Set(await hashes('table1'));
    for (const hash of await hashes('figure2')) expect(known.has(hash)).toBe(true);
  });

  it('are planned in part, one seed of everything before the next', async () => {
    const plan = await planTable(paperTables['table1'] as (typeof paperTables)[string], {
      models: ['lstm', 'fast-weights'],
      units: [50],
      seeds: 2,
      settings: ['batchSize=64'],
    });
    expect(plan.map(({ model, units, seed }) => `${model} ${units} ${seed}`)).toEqual([
      'lstm 50 1',
      'fast-weights 50 1',
      'lstm 50 2',
      'fast-weights 50 2',
    ]);
    for (const { config } of plan) expect(config.training.batchSize).toBe(64);
  });

  it.each([
    [
      { models: ['fastweights'] },
      /a model of table1 must be one of irnn, .* Did you mean fast-weights\?/,
    ],
    [{ units: [30] }, /^R of table1 must be one of 20, 50, 100, but it is 30/],
    [{ settings: ['units=8'] }, /^model.units must be .* 20, but it is 8. Choose .* --units/],
    [{ settings: ['seed=7'] }, /^seed must be .* 1, but it is 7. Choose .* --seeds/],
    [{ settings: ['model=lstm'], models: ['irnn'] }, /--models/],
    [{ budget: 'huge' }, /--budget must be one of quick, standard, full/],
  ])('refuse to be planned with %j', async (options, message) => {
    const table = paperTables['table1'] as (typeof paperTables)[string];
    await expect(planTable(table, options as never)).rejects.toThrow(message);
  });
});
