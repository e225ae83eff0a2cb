import { random, uniform } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import {
  type AgentOutcome,
  type AgentRunResult,
  budgets,
  figure5,
  type PlannedAgentRun,
  parseAgentConfig,
  planFigure,
  reproduceInStages,
} from '../src/index.ts';
import { bestTrials } from '../src/reproduce/best-trials.ts';
import { madeUpResult } from './figure-example.ts';

const small = { trials: 4, seeds: 5, frames: 100_000 };

const done = (run: PlannedAgentRun, result = madeUpResult(run)): AgentOutcome => ({
  status: 'done',
  run,
  result,
});

const namesOf = (plan: readonly PlannedAgentRun[]): string[] =>
  plan.map(({ board, model, stage, trial, seed }) => `${board} ${model} ${stage} ${trial}/${seed}`);

/** Whatever a run was given, but which model it is, which settings it tries, and its seed. */
function budgetIn({ config, drawn }: PlannedAgentRun): unknown {
  const { model, training, data } = config;
  const { units, hidden } = model;
  const given = Object.fromEntries(
    Object.entries(training).filter(([key]) => !(`training.${key}` in drawn)),
  );
  return { data, units, hidden, training: given };
}

describe('the plan of figure 5', () => {
  it('has the numbers of the paper', () => {
    const points = (board: string): unknown =>
      Object.fromEntries(
        figure5.rows.map(({ model, readOff }) => [
          model,
          (readOff[board] ?? []).map(({ x, meanReward }) => [x, meanReward]),
        ]),
      );
    const cells = {
      'fast-weights': [
        [3, 0.88],
        [4, 0.95],
      ],
      lstm: [
        [3, 0.7],
        [6, 0.94],
      ],
      rnn: [
        [8, 0.87],
        [15, 0.96],
      ],
    };
    expect(points('16,3')).toEqual(cells);
    expect(points('24,5')).toEqual({
      'fast-weights': [
        [12, 0.9],
        [19, 0.97],
      ],
      lstm: [[25, 0.97]],
      rnn: [[31, 0.65]],
    });
    expect(points('32,7')).toEqual({ 'fast-weights': [], lstm: [], rnn: [] });
  });

  it.each(budgets)('gives every model the same, budget %s', async (budget) => {
    const plan = await planFigure(figure5, { budget, boards: ['16,3', '24,5', '32,7'] });
    const { trials, seeds, frames } = figure5.plan[budget];
    expect(plan.length).toBe(3 * 3 * trials);
    if (budget !== 'quick') expect(seeds).toBeGreaterThanOrEqual(5);
    for (const [i, { name, size, visibleFrames }] of figure5.boards.entries()) {
      const own = plan.filter(({ board }) => board === name);
      const given = own.map((run) => JSON.stringify(budgetIn(run)));
      expect(new Set(given).size).toBe(1);
      expect(own[0]?.config.training.maxFrames).toBe(frames[i]);
      expect(own[0]?.config.data).toEqual({ source: 'catch', size, visibleFrames });
      for (let trial = 1; trial <= trials; trial++) {
        const same = own.filter((run) => run.trial === trial);
        expect(same.map(({ model }) => model)).toEqual(['rnn', 'lstm', 'fast-weights']);
        expect(new Set(same.map(({ config }) => config.training.stepSize)).size).toBe(1);
        expect(new Set(same.map(({ config }) => config.training.entropyBonus)).size).toBe(1);
        expect(new Set(same.map(({ seed }) => seed)).size).toBe(1);
      }
    }
    expect(new Set(plan.map(({ hash }) => hash)).size).toBe(plan.length);
    for (const { config } of plan) expect(parseAgentConfig(config)).toEqual(config);
  });

  it('leaves the board that the paper does not have to who asks for it', async () => {
    const boards = async (names?: string[]): Promise<string[]> => {
      const plan = await planFigure(figure5, { ...small, ...(names && { boards: names }) });
      return [...new Set(plan.map(({ board }) => board))];
    };
    expect(await boards()).toEqual(['16,3', '24,5']);
    expect(await boards(['32,7'])).toEqual(['32,7']);
  });

  it('searches first, one trial of every model before the next', async () => {
    const plan = await planFigure(figure5, { ...small, boards: ['16,3'], trials: 2 });
    expect(namesOf(plan)).toEqual([
      '16,3 rnn search 1/1001',
      '16,3 lstm search 1/1001',
      '16,3 fast-weights search 1/1001',
      '16,3 rnn search 2/1002',
      '16,3 lstm search 2/1002',
      '16,3 fast-weights search 2/1002',
    ]);
  });

  it('goes on with the seeds of the best trial, once all trials of a model have ended', async () => {
    const options = { ...small, boards: ['16,3'], models: ['lstm', 'rnn'], trials: 3 };
    const search = await planFigure(figure5, options);
    const lstm = search.filter(({ model }) => model === 'lstm');
    const [first, second, third] = lstm as [PlannedAgentRun, PlannedAgentRun, PlannedAgentRun];
    const constant = (meanReward: number): AgentRunResult => ({
      ...madeUpResult(first),
      curve: [{ frames: 100_000, meanReward }],
    });
    const ended: AgentOutcome[] = [done(first, constant(0.2)), done(second, constant(0.8))];
    expect(namesOf(await planFigure(figure5, options, ended))).toEqual(namesOf(search));
    const left: AgentOutcome = { status: 'left', run: third };
    const open = await planFigure(figure5, options, [...ended, left]);
    expect(namesOf(open)).toEqual(namesOf(search));
    const failed: AgentOutcome = { status: 'failed', run: third, error: new Error('NaN') };
    const whole = await planFigure(figure5, options, [...ended, failed]);
    const seeds = whole.slice(search.length);
    expect(namesOf(seeds)).toEqual([1, 2, 3, 4, 5].map((seed) => `16,3 lstm seeds 2/${seed}`));
    for (const run of seeds) {
      expect(run.config).toEqual({ ...second.config, seed: run.seed });
      expect(run.drawn).toEqual(second.drawn);
    }
  });

  it('has nothing to go on with where every trial has failed', async () => {
    const options = { ...small, boards: ['16,3'], models: ['lstm'] };
    const search = await planFigure(figure5, options);
    const failed = search.map((run): AgentOutcome => ({ status: 'failed', run, error: 'no' }));
    expect(await planFigure(figure5, options, failed)).toEqual(search);
  });

  it('takes settings for all runs alike', async () => {
    const settings = ['units=16', 'hidden=8', 'worlds=4', 'optimizer=adam'];
    for (const { config } of await planFigure(figure5, { ...small, settings })) {
      expect(config.model).toMatchObject({ units: 16, hidden: 8 });
      expect(config.training).toMatchObject({ worlds: 4, optimizer: 'adam' });
    }
  });

  it.each([
    [{ models: ['fastweights'] }, /a model of figure5 must be one of rnn, .* fast-weights\?/],
    [{ boards: ['16,4'] }, /a board of figure5 must be one of 16,3, .* Did you mean 16,3\?/],
    [{ budget: 'ful' }, /--budget must be one of quick, .* Did you mean full\?/],
    [{ trials: 0 }, /^trials must be a whole number of at least 1/],
    [{ seeds: 2.5 }, /^seeds must be a whole number/],
    [{ frames: 100 }, /^training\.maxFrames must be at least 240/],
    [{ settings: ['size=20'] }, /^data\.size must be .* 16, but it is 20\. Choose .* --board/],
    [{ settings: ['model=lstm'] }, /^model\.kind must be .* rnn, .* --models/],
    [{ settings: ['seed=7'] }, /^seed must be .* 1001, but it is 7\. .* --seeds/],
    [{ settings: ['stepSize=0.5'] }, /^training\.stepSize must be .* searched over: leave it out/],
    [{ settings: ['worlds=1,5'] }, /^training\.worlds/],
  ])('cannot be made with %j', async (options, message) => {
    await expect(planFigure(figure5, options as never)).rejects.toThrow(message);
  });
});

describe('the best trials', () => {
  it('are those that earn most over all of their frames; of equals the earlier', async () => {
    const plan = await planFigure(figure5, { ...small, boards: ['16,3'], models: ['lstm'] });
    const rewards = [
      [-0.7, 0.9],
      [0.5, 0.5],
      [0.9, 0.9],
      [0.5, 0.5],
    ];
    const outcomes = plan.map((run, i) => {
      const [early = 0, late = 0] = rewards[i] ?? [];
      const curve = [
        { frames: 50, meanReward: early },
        { frames: 100, meanReward: late },
      ];
      return done(run, { ...madeUpResult(run), curve });
    });
    const order = bestTrials(outcomes.toReversed()).map(({ run }) => run.trial);
    expect(order).toEqual([3, 2, 4, 1]);
  });

  it('are none of those that have failed, were left, or report nothing', async () => {
    const [a, b, c] = await planFigure(figure5, { ...small, models: ['lstm'], boards: ['16,3'] });
    const empty = { ...madeUpResult(a as PlannedAgentRun), curve: [] };
    const outcomes: AgentOutcome[] = [
      done(a as PlannedAgentRun, empty),
      { status: 'failed', run: b as PlannedAgentRun, error: new Error('no') },
      { status: 'left', run: c as PlannedAgentRun },
    ];
    expect(bestTrials(outcomes)).toEqual([]);
  });
});

describe('a figure in stages', () => {
  const options = { ...small, boards: ['16,3'], models: ['lstm', 'rnn'], trials: 3, seeds: 2 };
  const plan = (outcomes: readonly AgentOutcome[]) => planFigure(figure5, options, outcomes);

  it('trains the search, then the seeds of what it has chosen', async () => {
    const seen: string[] = [];
    const told: string[] = [];
    const outcomes = await reproduceInStages<PlannedAgentRun, AgentRunResult>(
      plan,
      async (run) => {
        seen.push(run.stage);
        return madeUpResult(run);
      },
      {
        store: { find: async () => undefined },
        onEvent: ({ kind, index, of }) => told.push(`${kind} ${index + 1}/${of}`),
      },
    );
    expect(seen).toEqual([...Array(6).fill('search'), ...Array(4).fill('seeds')]);
    expect(outcomes.map(({ run }) => run.stage)).toEqual(seen);
    expect(told.slice(0, 2)).toEqual(['started 1/6', 'finished 1/6']);
    expect(told.at(-1)).toBe('finished 10/10');
  });

  it.each([1, 2])(
    'comes to the same end however often it is stopped, %i at a time',
    async (parallel) => {
      const undisturbed = await reproduceInStages<PlannedAgentRun, AgentRunResult>(
        plan,
        async (run) => madeUpResult(run),
        { store: { find: async () => undefined } },
      );
      for (let round = 0; round < 5; round++) {
        const draw = random(round);
        const kept = new Map<string, AgentRunResult | 'begun'>();
        const trained: string[] = [];
        let outcomes: AgentOutcome[] = [];
        for (let times = 0; times < 200; times++) {
          const controller = new AbortController();
          outcomes = await reproduceInStages<PlannedAgentRun, AgentRunResult>(
            plan,
            async (run, { resume, signal }) => {
              expect(resume).toBe(kept.get(run.hash) === 'begun');
              kept.set(run.hash, 'begun');
              await Promise.resolve();
              if (uniform(draw, 0, 1) < 0.2) controller.abort();
              if (signal?.aborted) return undefined;
              kept.set(run.hash, madeUpResult(run));
              trained.push(run.hash);
              return madeUpResult(run);
            },
            {
              store: { find: async (hash) => kept.get(hash) },
              signal: controller.signal,
              parallel,
            },
          );
          if (!controller.signal.aborted) break;
        }
        expect(outcomes).toEqual(undisturbed);
        expect(trained.length).toBe(new Set(trained).size);
      }
    },
  );
});
