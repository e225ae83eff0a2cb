import { lstmCell } from '@fastweights/baselines';
import { fastWeightsCell } from '@fastweights/cells';
import {
  ArgumentError,
  countWeights,
  integer,
  OptionError,
  random,
  ShapeError,
  softmaxCrossEntropy,
  stepOf,
  uniform,
  walkWeights,
} from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { adam, differentiate, trainingStep } from '@fastweights/trainers';
import {
  add,
  argMax,
  dispose,
  mul,
  type Scalar,
  sum,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor3d,
  tidy,
  unstack,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { actorCritic } from '../src/index.ts';
import { dense, expectLikeOracle, fastWeights, relu } from './model-oracle.ts';

const [BATCH, TIME, PIXELS] = [3, 6, 5];

function screens(seed: number, batch = BATCH, time = TIME): Tensor3D {
  const stream = random(seed);
  const length = batch * time * PIXELS;
  return tensor3d(
    Float32Array.from({ length }, () => uniform(stream, -1, 1)),
    [batch, time, PIXELS],
  );
}

const fast = (seed = 1) => fastWeightsCell({ inputSize: 8, units: 7, memory: 'matrix', seed });
const agentOf = (seed = 1) =>
  actorCritic({ cell: fast(seed), observationSize: PIXELS, actions: 3, seed });

describe('the actor-critic network', () => {
  it('has the layers of the paper, for a screen of 16 × 16', () => {
    const cell = fastWeightsCell({ inputSize: 128, units: 128, memory: 'matrix' });
    const { weights } = actorCritic({ cell, observationSize: 256 });
    const paths = [...walkWeights(weights)].map(([path, { shape }]) => `${path} ${shape}`);
    expect(paths).toEqual([
      'hidden.kernel 256,128',
      'hidden.bias 128',
      'cell.kernel 128,128',
      'cell.recurrentKernel 128,128',
      'cell.gain 128',
      'cell.bias 128',
      'policy.kernel 128,3',
      'policy.bias 3',
      'value.kernel 128,1',
      'value.bias 1',
    ]);
    expect(countWeights(weights)).toBe(32896 + 33024 + 387 + 129);
    const rival = actorCritic({
      cell: lstmCell({ inputSize: 128, units: 128 }),
      observationSize: 256,
    });
    expect(countWeights(rival.weights)).toBe(32896 + 131584 + 387 + 129);
  });

  it('is its oracle at every step, with every gradient', () => {
    expectLikeOracle((seed) => {
      const agent = agentOf(seed);
      const inputs = screens(seed);
      const { weights } = agent;
      return {
        weights,
        seed,
        oracle(values) {
          const preActivations: number[] = [];
          const seen = (inputs.arraySync() as number[][][]).map((sequence) =>
            relu(dense(sequence, values, 'hidden'), preActivations),
          );
          const states = fastWeights(seen, values, {}, preActivations);
          const at = (path: string) => states.map((sequence) => dense(sequence, values, path));
          return { outputs: [at('policy'), at('value')], preActivations };
        },
        run: () => Object.values(agent.unroll(inputs)),
        gradients: ([forLogits, forValues]) => {
          const loss = (): Scalar => {
            const { logits, values } = agent.unroll(inputs);
            const policy = sum(mul(logits, forLogits as Tensor3D));
            return add(policy, sum(mul(values, forValues as Tensor2D)));
          };
          return differentiate({ weights, loss })({ inputs, targets: inputs }).gradients;
        },
      };
    });
  });

  it.each([
    ['a matrix', fast],
    ['attention', () => fastWeightsCell({ inputSize: 8, units: 7 })],
    ['an LSTM', () => lstmCell({ inputSize: 8, units: 7 })],
  ])('acts step by step as it unrolls, with %s', (_, create) => {
    const agent = actorCritic<never>({ cell: create() as never, observationSize: PIXELS });
    const observations = screens(2);
    const { logits, values } = agent.unroll(observations);
    expect(logits.shape).toEqual([BATCH, TIME, 3]);
    expect(values.shape).toEqual([BATCH, TIME]);
    let state = agent.initialState(BATCH);
    const frames = unstack(observations, 1) as Tensor2D[];
    const middle = TIME / 2;
    for (const [t, frame] of frames.entries()) {
      if (t === middle) {
        const part = tensor3d(
          (observations.arraySync() as number[][][]).map((steps) => steps.slice(middle)),
        );
        const rest = agent.unroll(part, state);
        expectClose(stepOf(rest.logits), stepOf(logits));
      }
      const action = agent.act(frame, state);
      expectClose(action.logits, stepOf(logits, t), {}, `logits of step ${t}`);
      expect(action.values.shape).toEqual([BATCH]);
      const column = (values.arraySync() as number[][]).map((row) => row[t] as number);
      expectClose(action.values, column, {}, `values of step ${t}`);
      state = action.state;
    }
  });

  it('keeps a state of fixed size, and leaves nothing else behind', async () => {
    const agent = agentOf();
    const frame: Tensor2D = zeros([BATCH, PIXELS]);
    await expectNoLeaks(() => {
      const first = agent.initialState(BATCH);
      const { state, ...answer } = agent.act(frame, first);
      expect(state.A?.shape).toEqual([BATCH, 7, 7]);
      dispose([first, state, answer]);
    });
  });

  it('learns by heart what 64 agents saw first, and asks for it last', { timeout: 120_000 }, () => {
    const [examples, time] = [64, 5];
    const cell = fastWeightsCell({ inputSize: 24, units: 16, memory: 'matrix', seed: 3 });
    const agent = actorCritic({ cell, observationSize: PIXELS, seed: 3 });
    const inputs = screens(9, examples, time);
    const stream = random(10);
    const labels = Int32Array.from({ length: examples }, () => integer(stream, 3));
    const targets = tensor1d(labels, 'int32');
    const last = (x: Tensor3D): Tensor2D => stepOf(agent.unroll(x).logits);
    const loss = (): Scalar => tidy(() => softmaxCrossEntropy(last(inputs), targets));
    const optimizer = adam(agent.weights, { learningRate: 0.01 });
    const step = trainingStep({ weights: agent.weights, loss }, optimizer);
    const errors = (): number =>
      tidy(() => argMax(last(inputs), 1).dataSync()).filter((a, i) => a !== labels[i]).length;
    expect(errors()).toBeGreaterThan(20);
    for (let update = 0; update < 600 && (update % 10 > 0 || errors() > 0); update++) {
      step({ inputs, targets }).dispose();
    }
    expect(errors()).toBe(0);
  });

  it('refuses what does not fit', () => {
    const agent = agentOf();
    const state = agent.initialState(2);
    expect(() => agent.act(zeros([2, 4]), state)).toThrow(/^observations .*\[batch, 5\]/);
    expect(() => agent.unroll(zeros([2, 3, 4]))).toThrow(ShapeError);
    expect(() => agent.act(zeros([3, PIXELS]), state)).toThrow(ArgumentError);
    const cell = fast();
    expect(() => actorCritic({ cell, observationSize: 0 })).toThrow(/^observationSize/);
    expect(() => actorCritic({ cell, observationSize: 5, actions: 0 })).toThrow(/^actions/);
    const misspelt = { cell, observationSize: 5, hiddenUnit: 3 };
    expect(() => actorCritic(misspelt as never)).toThrow(OptionError);
  });
});
