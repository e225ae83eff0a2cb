import { type Dataset, loadWeights, saveWeights } from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import {
  add,
  dispose,
  mul,
  ones,
  type Scalar,
  scalar,
  sqrt,
  square,
  sum,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  adam,
  DivergedError,
  type SupervisedOptions,
  type TrainingState,
  trainSupervised,
} from '../src/index.ts';
import { type Classifier, classifier, type Points, points } from './points.ts';

const training = points(100, 1);
const validation = points(50, 2);
const schedule = { batchSize: 32, maxUpdates: 100, validateEvery: 20, reportEvery: 5 };

/** Beside the classifier's loss, one that adds up to c ‖gate x‖: it has no gradient where x is zero. */
function gated(): Classifier & { weights: { gate: Variable } } {
  const plain = classifier();
  const gate = tidy(() => variable(ones([2])));
  return {
    ...plain,
    weights: { ...plain.weights, gate },
    loss: (batch) =>
      tidy(
        () =>
          add(plain.loss(batch), mul(0.1, sqrt(sum(square(mul(batch.inputs, gate)))))) as Scalar,
      ),
  };
}

/** The same data, but with update number `zero`'s inputs all zero. */
const zeroAt = (zero: number): Dataset<Points> => ({
  ...training,
  async *batches(batchSize, from = { epoch: 0, example: 0 }, part) {
    // An epoch is four batches.
    let update = 4 * from.epoch + from.example / 32;
    for await (const batch of training.batches(batchSize, from, part)) {
      if (++update !== zero) yield batch;
      else {
        const inputs = tidy(() => zerosLike(batch.inputs));
        batch.inputs.dispose();
        yield { ...batch, inputs };
      }
    }
  },
});

async function diverge(
  model: Classifier,
  options: Partial<SupervisedOptions<Points>> = {},
  optimizer = adam(model.weights, { learningRate: 0.01 }),
): Promise<DivergedError> {
  const error = await trainSupervised({
    model,
    optimizer,
    training,
    validation,
    ...schedule,
    ...options,
  }).catch((e: unknown) => e);
  optimizer.dispose();
  expect(error).toBeInstanceOf(DivergedError);
  return error as DivergedError;
}

const normOf = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

/** The model after so many updates, as a training without a fault leaves it. */
async function weightsAfter(updates: number): Promise<Record<string, number[]>> {
  const model = gated();
  const optimizer = adam(model.weights, { learningRate: 0.01 });
  let state: TrainingState | undefined;
  await trainSupervised({
    model,
    optimizer,
    training,
    validation,
    ...schedule,
    maxUpdates: updates,
    onState: (now) => {
      state = now;
    },
  });
  const { kernel, bias, gate } = model.weights;
  loadWeights(model.weights, (state as TrainingState).weights);
  return {
    kernel: [...kernel.dataSync()],
    bias: [...bias.dataSync()],
    gate: [...gate.dataSync()],
  };
}

describe('training that diverges', () => {
  it.each([3, 5, 9, 13, 20, 33])(
    'tells which gradient was the first that was no number, at update %i, and the norms before',
    async (zero) => {
      const { update, divergence, message } = await diverge(gated(), { training: zeroAt(zero) });
      expect(divergence).toMatchObject({ update: zero, what: 'gradient', path: 'gate' });
      expect(update).toBe(zero);
      expect(divergence.before?.update).toBe(zero - 1);
      // The weights that update zero − 1 began with.
      for (const [path, values] of Object.entries(await weightsAfter(zero - 2))) {
        expectClose([divergence.before?.weights[path] as number], [normOf(values)]);
      }
      expect(divergence.before?.gradients).toBeGreaterThan(0);
      expect(message).toContain(
        `diverged at update ${zero}: the gradient of gate was no longer a number. At update ${zero - 1} the loss was `,
      );
    },
  );

  it('tells of a loss that became infinite after a step that was too long', async () => {
    const model = classifier();
    const far = { kind: 'steps', from: 0.01, steps: [{ update: 7, rate: 3e38 }] } as const;
    const { divergence } = await diverge(model, {}, adam(model.weights, { learningRate: far }));
    expect(divergence).toMatchObject({ update: 9, before: { update: 8 } });
    expect(['loss', 'weight']).toContain(divergence.what);
    expect(divergence.before?.weights['kernel']).toBeLessThan(10);
  });

  it('tells of moments that overflowed before a state is handed over: such a one could not be loaded', async () => {
    const plain = classifier();
    const huge: Classifier = {
      ...plain,
      loss: (batch) => tidy(() => mul(plain.loss(batch), scalar(1e25)) as Scalar),
    };
    const states: TrainingState[] = [];
    const { divergence } = await diverge(huge, { onState: (state) => states.push(state) });
    expect(divergence).toEqual({ update: 20, what: 'moment', path: 'square.kernel' });
    expect(states).toEqual([]);
  });

  it('leaves the best weights, and the last state from before', async () => {
    const model = gated();
    const states: TrainingState[] = [];
    await diverge(model, {
      training: zeroAt(53),
      saveEvery: 10,
      onState: (state) => states.push(state),
    });
    expect(states.map(({ update }) => update)).toEqual([10, 20, 30, 40, 50]);
    const { best } = states.at(-1) as TrainingState;
    expect(await saveWeights(model.weights)).toEqual(best.weights);
  });

  it('says so where something else than the updates spoilt the weights', async () => {
    const model = classifier();
    const { divergence } = await diverge(model, {
      onProgress: ({ update }) => {
        if (update === 10) model.weights.bias.assign(tensor1d([Number.NaN, 0]));
      },
    });
    expect(divergence).toEqual({ update: 11, what: 'loss' });
  });

  it('leaves nothing behind', async () => {
    const model = gated();
    await expectNoLeaks(async () => {
      await diverge(model, { training: zeroAt(13) });
    });
    dispose(model.weights as never);
  });
});
