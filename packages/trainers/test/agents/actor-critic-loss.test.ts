import { random, ShapeError, uniform } from '@fastweights/core';
import {
  centralDifferences,
  expectClose,
  expectNoLeaks,
  flatten,
  unflatten,
} from '@fastweights/testing';
import { grads, type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { actorCriticLoss, lossOfTensors } from '../../src/agents/actor-critic-loss.ts';
import { type Frames, lossOracle } from './loss-oracle.ts';

const stream = random(7);
const draw = (count: number, size = 2): number[] =>
  Array.from({ length: count }, () => Math.fround(uniform(stream, -size, size)));

const frames: Frames = {
  logits: Array.from({ length: 7 }, () => draw(3)),
  values: draw(7),
  actions: [0, 1, 2, 2, 1, 0, 1],
  returns: draw(7),
};
const terms = { valueWeight: 0.7, entropyBonus: 0.3 };

const lossBy =
  (by: typeof actorCriticLoss) =>
  ({ logits, values, actions, returns }: Frames, weights = terms) =>
    by(
      {
        logits: tensor2d(logits as number[][]),
        values: tensor1d([...values]),
        actions: tensor1d([...actions], 'int32'),
        returns: tensor1d([...returns]),
      },
      weights,
    );

describe.each([
  ['of numbers', actorCriticLoss],
  ['of tensors', lossOfTensors],
])('the loss of an actor and its critic, %s', (_, by) => {
  const loss = lossBy(by);

  it('is a number one can work out by hand', () => {
    // π = ½, ½; R − V = 2: −log ½ · 2 + ½ · 4 / 2 − 0.1 · log 2
    const one = { logits: [[0, 0]], values: [1], actions: [1], returns: [3] };
    const value = loss(one, { valueWeight: 0.5, entropyBonus: 0.1 });
    expectClose(value, [1.9 * Math.log(2) + 1]);
  });

  it('is its oracle', () => {
    expectClose(loss(frames), [lossOracle(frames, terms)]);
  });

  it('has the gradients of its oracle, whose advantage does not move', () => {
    const [dLogits, dValues] = grads((logits, values) =>
      by(
        {
          logits: logits as Tensor2D,
          values: values as Tensor1D,
          actions: tensor1d([...frames.actions], 'int32'),
          returns: tensor1d([...frames.returns]),
        },
        terms,
      ),
    )([tensor2d(frames.logits as number[][]), tensor1d([...frames.values])]);
    const differences = (moved: (numbers: number[]) => Partial<Frames>, at: number[]) =>
      centralDifferences(
        (numbers) => ({
          value: lossOracle({ ...frames, ...moved(numbers) }, terms, frames.values),
          pattern: [],
        }),
        at,
      );
    const forLogits = differences(
      (numbers) => ({ logits: unflatten(numbers, frames.logits) }),
      flatten(frames.logits),
    );
    const forValues = differences((values) => ({ values }), [...frames.values]);
    expectClose(dLogits as Tensor2D, forLogits, {}, 'gradients of the logits');
    expectClose(dValues as Tensor1D, forValues, {}, 'gradients of the values');
  });

  it('stays finite where the policy is sure of itself', () => {
    const sure = { logits: [[80, -80, 0]], values: [0], actions: [0], returns: [1] };
    expectClose(loss(sure, terms), [0.35], { relative: 1e-5 });
  });

  it('leaves nothing behind', async () => {
    const { logits, values, actions, returns } = frames;
    const inputs = {
      logits: tensor2d(logits as number[][]),
      values: tensor1d([...values]),
      actions: tensor1d([...actions], 'int32'),
      returns: tensor1d([...returns]),
    };
    await expectNoLeaks(() => by(inputs, terms).dispose());
  });
});

it('refuses what does not fit together', () => {
  const loss = lossBy(actorCriticLoss);
  expect(() => loss({ ...frames, values: [1] })).toThrow(ShapeError);
  expect(() => loss({ ...frames, returns: [1] })).toThrow(/^returns/);
});
