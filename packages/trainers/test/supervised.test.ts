import {
  type Dataset,
  FastWeightsError,
  loadWeights,
  OptionError,
  saveWeights,
} from '@fastweights/core';
import { expectNoLeaks } from '@fastweights/testing';
import { cast, dispose, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  adam,
  createGroupMemory,
  DivergedError,
  differentiate,
  errorRate,
  evaluate,
  joinGroup,
  type Progress,
  type SupervisedOptions,
  TrainingLostError,
  trainSupervised,
} from '../src/index.ts';
import { classifier, type Points, points } from './points.ts';

const training = points(2000, 1);
const validation = points(500, 2);

function run(options: Partial<SupervisedOptions<Points>> = {}, model = classifier()) {
  const optimizer = adam(model.weights, { learningRate: 0.05 });
  const progress: Progress[] = [];
  const result = trainSupervised({
    model,
    optimizer,
    training,
    validation,
    batchSize: 32,
    maxUpdates: 200,
    validateEvery: 50,
    reportEvery: 10,
    onProgress: (p) => progress.push(p),
    ...options,
  }).finally(() => optimizer.dispose());
  return { model, progress, result };
}

describe('errorRate', () => {
  it('counts what is wrong, over batches of all sizes', async () => {
    const model = classifier();
    model.weights.kernel.assign(
      tensor2d([
        [-1, 1],
        [-2, 2],
      ]),
    );
    expect(await errorRate(model, points(2345, 5))).toBe(0);
    expect(await errorRate(model, points(2345, 5, true))).toBe(1);
  });
});

describe('evaluate', () => {
  it('means the loss over all rows, however they fall into batches', async () => {
    const model = classifier();
    const dataset = points(2345, 5);
    const { error, loss } = await evaluate(model, dataset);
    expect(error).toBe(await errorRate(model, dataset));
    expect(loss).toBeCloseTo(await lossByHand(model, dataset), 5);
  });
});

/** −log of the share of e^score that is the label's, in double precision. */
async function lossByHand(
  model: ReturnType<typeof classifier>,
  dataset: Dataset<Points>,
): Promise<number> {
  let sum = 0;
  for await (const { inputs, targets } of dataset.inOrder(100)) {
    const scores = model.predict(inputs);
    const rows = scores.arraySync() as number[][];
    for (const [i, label] of targets.dataSync().entries()) {
      const row = rows[i] as number[];
      const total = row.reduce((all, score) => all + Math.exp(score), 0);
      sum -= Math.log(Math.exp(row[label] as number) / total);
    }
    dispose([inputs, targets, scores]);
  }
  return sum / dataset.size;
}

describe('a data set that is of another size than it says', () => {
  const odd = { ...points(100, 5), size: 101 };

  it('is refused, with both numbers', async () => {
    const error = await evaluate(classifier(), odd).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FastWeightsError);
    expect(error).toMatchObject({ code: 'data' });
    expect((error as Error).message).toMatch(/size of 101, but inOrder\(\) gave 100 rows/);
    await expect(evaluate(classifier(), { ...odd, size: 99 })).rejects.toThrow(
      /of 99, .* 100 rows/,
    );
  });

  it('is refused by all workers, for what they have together', async () => {
    const memory = createGroupMemory({ workers: 2, room: 4 });
    const found = [0, 1].map((index) =>
      evaluate(classifier(), odd, joinGroup(memory, index, { blocks: false })),
    );
    for (const { status, ...rest } of await Promise.allSettled(found)) {
      expect(status).toBe('rejected');
      expect((rest as PromiseRejectedResult).reason.message).toContain(
        'of 101, but inOrder() gave',
      );
    }
  });
});

describe('a model without weights that can be trained', () => {
  it('is refused', () => {
    const { loss } = classifier();
    expect(() => differentiate({ weights: {}, loss })).toThrow(OptionError);
    expect(() => differentiate({ weights: {}, loss })).toThrow(
      /^model\.weights must be at least one trainable weight, but it is without one/,
    );
  });
});

describe('errorRate of what is no answer', () => {
  it('counts scores that are NaN as wrong, whatever the label', async () => {
    const model = classifier();
    model.weights.bias.assign(tensor1d([Number.NaN, Number.NaN]));
    expect(await errorRate(model, points(100, 5))).toBe(1);
  });

  it('refuses targets that are no labels, and a data set with nothing in it', async () => {
    const good = points(10, 5);
    const floats: Dataset<Points> = {
      ...good,
      async *inOrder(batchSize) {
        for await (const { inputs, targets } of good.inOrder(batchSize)) {
          yield { inputs, targets: tidy(() => cast(targets, 'float32')) };
          targets.dispose();
        }
      },
    };
    await expect(errorRate(classifier(), floats)).rejects.toThrow(/^targets .*int32/);
    await expect(errorRate(classifier(), { ...good, size: 0 })).rejects.toThrow(OptionError);
  });
});

describe('trainSupervised', () => {
  it('refuses data that end', async () => {
    const few: Dataset<Points> = {
      ...training,
      batches: (batchSize) => training.inOrder(batchSize),
    };
    const error = await run({ training: few, batchSize: 500 }).result.catch((e: unknown) => e);
    expect((error as Error).message).toBe(
      'The training data ended after 4 updates: batches() must go on for ever.',
    );
  });

  it('learns, and reports the loss and the validation error as asked', async () => {
    const { model, progress, result } = run();
    const { updates, best, stopped } = await result;
    expect([updates, stopped]).toEqual([200, 'updates']);
    expect(best.validationError).toBeLessThan(0.05);
    expect(progress.map(({ update }) => update)).toEqual(
      Array.from({ length: 20 }, (_, i) => 10 * (i + 1)),
    );
    const validations = progress.filter((p) => p.validationError !== undefined);
    expect(validations.map(({ update }) => update)).toEqual([50, 100, 150, 200]);
    expect(progress.at(-1)?.loss).toBeLessThan(progress[0]?.loss as number);
    expect(await errorRate(model, validation)).toBe(best.validationError);
  });

  it('reports the step size, how long the last gradient was, and the loss on the validation set', async () => {
    const model = classifier();
    const before = await saveWeights(model.weights);
    const { progress, result } = run(
      { maxUpdates: 1, reportEvery: 1, validateEvery: 1, validation },
      model,
    );
    await result;
    const [first] = progress;
    expect(first?.learningRate).toBe(0.05);
    expect(first?.validationLoss).toBeCloseTo(await lossByHand(model, validation), 5);

    loadWeights(model.weights, before);
    const batches = training.batches(32)[Symbol.asyncIterator]();
    const { value: batch } = (await batches.next()) as { value: Points };
    const { loss, gradients } = differentiate(model)(batch);
    const all = Object.values(gradients).flatMap((gradient) => [...gradient.dataSync()]);
    expect(first?.loss).toBeCloseTo(loss.dataSync<'float32'>()[0] as number, 6);
    expect(first?.gradientNorm).toBeCloseTo(Math.hypot(...all), 5);
    dispose([batch.inputs, batch.targets, loss, gradients]);
  });

  it('tells no step size of an optimiser that tells none', async () => {
    const model = classifier();
    const { learningRate: _, ...optimizer } = adam(model.weights);
    const { progress, result } = run({ optimizer, maxUpdates: 10 }, model);
    await result;
    expect(progress[0]).not.toHaveProperty('learningRate');
    optimizer.dispose();
  });

  it('stops at the target', async () => {
    const { result } = run({ targetError: 0.1, maxUpdates: 10_000 });
    const { updates, best, stopped } = await result;
    expect(stopped).toBe('target');
    expect(best.validationError).toBeLessThan(0.1);
    expect(best.update).toBe(updates);
    expect(updates % 50).toBe(0);
  });

  it('keeps the weights that were best, not the last', async () => {
    const model = classifier();
    // From here on every update makes it worse: the training data have the opposite labels.
    model.weights.kernel.assign(
      tensor2d([
        [-1, 1],
        [-2, 2],
      ]),
    );
    const { progress, result } = run(
      { training: points(2000, 1, true), validateEvery: 1, maxUpdates: 100 },
      model,
    );
    const { best } = await result;
    expect(progress.at(-1)?.validationError).toBeGreaterThan(0.9);
    expect(best.update).toBeLessThan(10);
    expect(await errorRate(model, validation)).toBe(best.validationError);
  });

  it('of weights that err as little keeps those with the least loss', async () => {
    const { progress, result } = run({ validateEvery: 5, validation: points(20, 2) });
    const { best } = await result;
    const least = progress.filter((p) => p.validationError === best.validationError);
    expect(least.length).toBeGreaterThan(3);
    expect(best.validationLoss).toBe(Math.min(...least.map((p) => p.validationLoss as number)));
    expect(best.update).toBeGreaterThan(least[0]?.update as number);
  });

  it('stops when it is told to, with a validation at the end', async () => {
    const stop = new AbortController();
    const { model, progress, result } = run({
      maxUpdates: 100_000,
      signal: stop.signal,
      onProgress: ({ update }) => update === 30 && stop.abort(),
    });
    const { updates, best, stopped } = await result;
    expect([updates, stopped]).toEqual([31, 'signal']);
    expect(best.update).toBe(31);
    expect(progress).toEqual([]);
    expect(await errorRate(model, validation)).toBe(best.validationError);
  });

  it('hears a timer while it trains, long before it reports', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const { result } = run({
      maxUpdates: 100_000,
      reportEvery: 100_000,
      validateEvery: 100_000,
      signal: stop.signal,
    });
    const { updates, stopped } = await result;
    expect(stopped).toBe('signal');
    expect(updates).toBeLessThan(50_000);
  });

  it('gives the same numbers for the same seed, to the bit', async () => {
    const [a, b, c] = [run(), run(), run({}, classifier(2))];
    await Promise.all([a.result, b.result, c.result]);
    expect(a.progress).toEqual(b.progress);
    expect(a.progress).not.toEqual(c.progress);
    expect(a.model.weights.kernel.dataSync()).toEqual(b.model.weights.kernel.dataSync());
  });

  it('ends with an error when the loss is no longer a number, with the best weights in place', async () => {
    const { model, result } = run({
      onProgress: ({ update }) => {
        if (update === 60) model.weights.bias.assign(tensor1d([Number.NaN, 0]));
      },
    });
    const error = await result.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as DivergedError).update).toBe(61);
    expect(await errorRate(model, validation)).toBeLessThan(0.2);
  });

  it('never takes weights for the best that are no numbers', async () => {
    // The first update makes them NaN, while its loss was still a number; the validation follows at once.
    const { model, result } = run({
      validateEvery: 1,
      optimizer: {
        apply: () => model.weights.bias.assign(tensor1d([Number.NaN, 0])),
        save: async () => new Uint8Array(),
        load: () => {},
        dispose: () => {},
      },
    });
    const error = await result.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as DivergedError).update).toBe(1);
    expect([...model.weights.bias.dataSync()]).toEqual([0, 0]);
  });

  it('says so when training begins with weights that are no numbers', async () => {
    const model = classifier();
    model.weights.bias.assign(tensor1d([Number.NaN, 0]));
    await expect(run({}, model).result).rejects.toThrow(DivergedError);
  });

  it('hands over the best weights when what it trains on is lost', async () => {
    const loss = new AbortController();
    const { result } = run({
      maxUpdates: 10_000,
      signal: loss.signal,
      onProgress: ({ update }) => {
        if (update === 120) loss.abort(new FastWeightsError('device-lost', 'The device was lost.'));
      },
    });
    const error = await result.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TrainingLostError);
    const { best, updates, weights } = error as TrainingLostError;
    expect([50, 100]).toContain(best.update);
    expect(updates).toBe(121);
    expect((error as Error).message).toBe(
      `Training ended at update 121: The device was lost. The weights of update ${best.update} were kept.`,
    );
    const anew = classifier(7);
    loadWeights(anew.weights, weights);
    expect(await errorRate(anew, validation)).toBe(best.validationError);
  });

  it('leaves nothing behind, however it ends', async () => {
    const model = classifier();
    await expectNoLeaks(async () => {
      await run({}, model).result;
      await run({ targetError: 0.5 }, model).result;
      await run(
        {
          onProgress: () => {
            throw new Error('stop');
          },
        },
        model,
      ).result.catch(() => {});
    });
  });

  it.each([
    [{ batchSize: 0 }, /^batchSize/],
    [{ maxUpdates: 0 }, /^maxUpdates/],
    [{ validateEvery: 0.5 }, /^validateEvery/],
    [{ reportEvery: -1 }, /^reportEvery/],
    [{ targetError: 2 }, /^targetError .*from 0 to 1/],
    [{ patience: 0 }, /^patience/],
    [{ saveEvery: 0 }, /^saveEvery/],
    [{ patients: 3 } as never, /"patients"/],
  ])('refuses %j', async (options, message) => {
    const error = await run(options).result.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
  });
});
