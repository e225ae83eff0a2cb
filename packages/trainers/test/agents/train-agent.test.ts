import {
  loadWeights,
  OptionError,
  saveWeights,
  WeightsError,
  walkWeights,
} from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import {
  add,
  mul,
  sqrt,
  sum,
  type Tensor3D,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type AgentState, adam, DivergedError, rmsProp, trainAgent } from '../../src/index.ts';
import { learn } from './learning.ts';
import { smallAgent } from './small-agent.ts';
import { bandit, cue } from './small-worlds.ts';

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe('an agent', { timeout: 240_000 }, () => {
  it('finds the best arm of a bandit, which pays at nine times of ten', async () => {
    const { progress } = await learn({
      environment: bandit(16),
      optimizerOf: (agent) => adam(agent.weights, { learningRate: 0.02 }),
      entropyBonus: 0.001,
      maxFrames: 16_000,
      reportEvery: 8000,
    });
    // At 0.9 on average, 8,000 draws deviate by less than 0.012 in 999 of 1,000 cases.
    expect(last(progress).meanReward).toBeGreaterThan(0.885);
  });

  it.each([
    ['whole episodes', undefined],
    ['two steps at a time', 2],
  ])('learns to answer by what it saw first, in %s', async (_, horizon) => {
    const { progress } = await learn({
      environment: cue(16, () => 3),
      horizon,
      optimizerOf: (agent) => adam(agent.weights, { learningRate: 0.02 }),
      entropyBonus: 0.002,
      maxFrames: 24_000,
      reportEvery: 1200,
    });
    expect(progress[0]?.meanReward).toBeLessThan(0.6);
    // Two steps at a time there is no gradient from the answer to the cue: what remembers has to come of itself.
    expect(last(progress).meanReward).toBeGreaterThan(horizon ? 0.9 : 0.99);
  });
});

describe('what is reported', () => {
  it('is when it is due, and of the episodes since', async () => {
    // Four updates of 3 · 4 frames are 48: reports come after 36, 60, 96 and 120.
    const { progress, result } = await learn();
    expect(progress.map(({ frames }) => frames)).toEqual([36, 60, 96, 120]);
    expect(progress.map(({ updates }) => updates)).toEqual([3, 5, 8, 10]);
    expect(progress.map(({ episodes }) => episodes)).toEqual([9, 15, 24, 30]);
    for (const { meanReward, entropy, valueLoss, gradientNorm, learningRate } of progress) {
      expect(Math.abs(meanReward)).toBeLessThanOrEqual(1);
      expect(entropy).toBeLessThanOrEqual(Math.log(2) + 1e-6);
      expect(valueLoss).toBeGreaterThan(0);
      expect(gradientNorm).toBeGreaterThan(0);
      expect(learningRate).toBe(0.01);
    }
    expect(result).toEqual({
      frames: 120,
      updates: 10,
      episodes: 30,
      meanReward: last(progress).meanReward,
      stopped: 'frames',
    });
  });

  it('adds up to the loss', async () => {
    const { progress } = await learn({ valueWeight: 0.7, entropyBonus: 0.2 });
    for (const { loss, policyLoss, valueLoss, entropy } of progress) {
      expectClose([loss], [policyLoss + 0.7 * valueLoss - 0.2 * entropy]);
    }
  });

  it('waits until an episode has ended', async () => {
    const { progress } = await learn({ horizon: 1, reportEvery: 3, maxFrames: 24 });
    expect(progress.map(({ frames }) => frames)).toEqual([12, 24]);
  });

  it('has no reward where no episode has ended', async () => {
    const { progress, result } = await learn({ horizon: 1, maxFrames: 6 });
    expect(progress).toEqual([]);
    expect(result).toEqual({ frames: 6, updates: 2, episodes: 0, stopped: 'frames' });
  });

  it('has the learning rate of the schedule over frames', async () => {
    const annealing = { kind: 'linear', from: 0.012, updates: 120 } as const;
    const { progress } = await learn({ annealing, reportEvery: 1 });
    // Of the update that began at 0, 12, 24 … frames.
    expectClose(
      progress.map(({ learningRate }) => learningRate as number),
      Array.from({ length: 10 }, (_, i) => 0.012 - 0.0012 * i),
      { relative: 1e-12 },
    );
  });
});

describe('going on', () => {
  const ragged = (): ReturnType<typeof cue> => cue(3, (world) => 2 + world);

  it.each([
    ['whole episodes', { environment: () => cue(3, () => 4), horizon: undefined }],
    ['a few steps', { environment: () => cue(3, () => 5), horizon: 2 }],
    ['episodes that end at different times', { environment: ragged, horizon: undefined }],
    ['those in a few steps', { environment: ragged, horizon: 2 }],
  ])('gives the same bits from any state, in %s', async (_, { environment, horizon }) => {
    const options = { horizon, maxFrames: 100, saveEvery: 20, reportEvery: 25 };
    const whole = await learn({ ...options, environment: environment() });
    expect(whole.states.length).toBeGreaterThan(3);
    for (const from of whole.states) {
      const rest = await learn({ ...options, environment: environment(), from, weightSeed: 9 });
      expect(rest.weights).toEqual(whole.weights);
      expect(rest.moments).toEqual(whole.moments);
      expect(rest.progress).toEqual(whole.progress.filter(({ frames }) => frames > from.frames));
      expect(last(rest.states)).toEqual(last(whole.states));
    }
  });

  it('is possible after an abort', async () => {
    const whole = await learn();
    const controller = new AbortController();
    const part = await learn({ signal: controller.signal, onProgress: () => controller.abort() });
    expect(part.result.stopped).toBe('signal');
    expect(part.result.frames).toBe(36);
    const from = last(part.states);
    const rest = await learn({ from, weightSeed: 9 });
    expect(rest.weights).toEqual(whole.weights);
  });

  it('ends at once where there is nothing left to do', async () => {
    const whole = await learn();
    const again = await learn({ from: last(whole.states), weightSeed: 9 });
    expect(again.weights).toEqual(whole.weights);
    expect(again.result).toEqual({ frames: 120, updates: 10, episodes: 30, stopped: 'frames' });
  });

  it('follows from the seed alone', async () => {
    const [a, b, c] = [await learn(), await learn(), await learn({ seed: 6 })];
    expect(b.weights).toEqual(a.weights);
    expect(c.weights).not.toEqual(a.weights);
  });

  it('refuses a state that does not fit, and leaves the agent alone', async () => {
    const from = last((await learn()).states);
    const refused = (change: Partial<AgentState>) =>
      expect(learn({ from: { ...from, ...change } as AgentState })).rejects;
    await refused({ frames: -1 }).toThrow(/^from.frames/);
    await refused({ sums: undefined as never }).toThrow(/^from.sums/);
    await refused({ sums: { ...from.sums, loss: Number.NaN } }).toThrow(/^from.sums.loss/);
    await refused({ weights: new Uint8Array(3) }).toThrow(WeightsError);
    await refused({ worlds: { ...from.worlds, returns: [1] } as never }).toThrow(
      /^from.worlds.returns must be a list of 3 numbers, but it is 1 of them/,
    );
    await refused({ worlds: { ...from.worlds, seed: 0.5 } as never }).toThrow(/^from.worlds.seed/);
    await expect(learn({ from: 3 as never })).rejects.toThrow(OptionError);
  });
});

describe('numbers that are none', () => {
  it('end training before the weights move: a reward', async () => {
    const environment = cue(3, () => 4);
    const { step } = environment;
    let steps = 0;
    environment.step = (actions) => {
      const observation = step(actions);
      // In the third update.
      if (++steps === 10) observation.rewards[1] = Number.NaN;
      return observation;
    };
    const agent = smallAgent({ observationSize: 3, actions: 2 });
    const error = await learn({ environment, agent }).catch((e) => e);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.divergence).toEqual({ update: 3, what: 'loss' });
    expect(error.message).toMatch(/update 3: the loss .* left as it was before that update/);
    const { weights } = await learn({ maxFrames: 24 });
    expect(await saveWeights(agent.weights)).toEqual(weights);
  });

  it('are found in a weight', async () => {
    const agent = smallAgent({ observationSize: 3, actions: 2 });
    const policy = new Map(walkWeights(agent.weights)).get('policy') as Variable;
    tidy(() => policy.assign(mul(policy, Number.NaN)));
    const error = await learn({ agent }).catch((e) => e);
    expect(error.divergence).toEqual({ update: 1, what: 'weight', path: 'policy' });
  });

  it('are found in a gradient', async () => {
    const plain = smallAgent({ observationSize: 3, actions: 2, isSteady: false });
    const gate = tidy(() => variable(zeros([1])));
    const agent = {
      ...plain,
      weights: { ...plain.weights, gate },
      // The root has no gradient at 0.
      unroll: (...given: Parameters<typeof plain.unroll>) =>
        tidy(() => {
          const { logits, values } = plain.unroll(...given);
          return { values, logits: add<Tensor3D>(logits, sum(sqrt(gate))) };
        }),
    };
    const error = await learn({ agent }).catch((e) => e);
    expect(error.divergence).toEqual({ update: 1, what: 'gradient', path: 'gate' });
  });

  it('are found in a moment, before a state is handed over', async () => {
    const error = await learn({
      optimizerOf: ({ weights }) => {
        const optimizer = rmsProp(weights);
        optimizer.memory?.write(new Float32Array(optimizer.memory.size).fill(Number.NaN));
        return { ...optimizer, apply: () => undefined };
      },
      saveEvery: 1,
    }).catch((e) => e);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.divergence).toMatchObject({ update: 1, what: 'moment' });
  });
});

describe('odd options', () => {
  it.each([
    ['horizon', { horizon: 0 }],
    ['discount', { discount: 1.1 }],
    ['entropyBonus', { entropyBonus: -1 }],
    ['valueWeight', { valueWeight: Number.NaN }],
    ['maxFrames', { maxFrames: 0 }],
    ['seed', { seed: -1 }],
    ['reportEvery', { reportEvery: 0 }],
    ['saveEvery', { saveEvery: 0.5 }],
    ['annealing.kind', { annealing: { kind: 'odd' } as never }],
    ['options of trainAgent', { frames: 3 } as never],
  ])('are refused: %s', async (name, options) => {
    const error = await learn(options).catch((e) => e);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.argument).toBe(name);
  });

  it('are refused: worlds that the agent does not fit', async () => {
    const agent = smallAgent({ observationSize: 4, actions: 2 });
    await expect(learn({ agent })).rejects.toThrow(/^environment.observationSize must be 4/);
    const other = smallAgent({ observationSize: 3, actions: 3 });
    await expect(learn({ agent: other })).rejects.toThrow(/^environment.actions must be 3/);
  });

  it('are refused: an agent whose memory grows, where worlds end at different times', async () => {
    const plain = smallAgent({ observationSize: 3, actions: 2, isSteady: false });
    const agent = {
      ...plain,
      act: (...given: Parameters<typeof plain.act>) => {
        const action = plain.act(...given);
        return { ...action, state: { ...action.state, past: zeros([2, 3, 8]) } };
      },
    };
    const environment = cue(3, (world) => 1 + world);
    await expect(learn({ agent, environment })).rejects.toThrow(/past must be of fixed size/);
  });
});

it('leaves nothing behind', async () => {
  const agent = smallAgent({ observationSize: 3, actions: 2 });
  const optimizer = rmsProp(agent.weights);
  const before = await saveWeights(agent.weights);
  for (const environment of [cue(3, () => 4), cue(3, (world) => 1 + world)]) {
    for (const horizon of [undefined, 2]) {
      await expectNoLeaks(async () => {
        await trainAgent({ agent, environment, optimizer, horizon, maxFrames: 60 });
      });
    }
  }
  loadWeights(agent.weights, before);
});
