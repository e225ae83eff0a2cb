import {
  type Dataset,
  type Optimizer,
  OptionError,
  saveWeights,
  WeightsError,
} from '@fastweights/core';
import { tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  adam,
  type Progress,
  rmsProp,
  type SupervisedOptions,
  type SupervisedResult,
  type TrainingState,
  trainSupervised,
} from '../src/index.ts';
import { classifier, type Points, points } from './points.ts';

// An epoch is 32, 32, 32 and 4 rows; reports, validations and states come at updates of their own.
const training = points(100, 1);
const validation = points(300, 2);
const schedule = { batchSize: 32, maxUpdates: 23, validateEvery: 5, reportEvery: 3, saveEvery: 4 };

interface Trained {
  readonly result: SupervisedResult;
  readonly progress: readonly Progress[];
  readonly states: readonly TrainingState[];
  readonly weights: Uint8Array;
}

const rate = { kind: 'cosine', from: 0.2, updates: 30, warmUp: 3 } as const;
const create = {
  adam: (model: ReturnType<typeof classifier>): Optimizer =>
    adam(model.weights, { learningRate: rate, clipNorm: 0.3 }),
  rmsProp: (model: ReturnType<typeof classifier>): Optimizer =>
    rmsProp(model.weights, { learningRate: rate }),
};

/** A training in a model and an optimiser of its own, as after a restart; `seed` is of weights that are replaced. */
async function train(
  options: Partial<SupervisedOptions<Points>> & { seed?: number; by?: keyof typeof create } = {},
): Promise<Trained> {
  const { seed = 1, by = 'adam', ...others } = options;
  const model = classifier(seed);
  const optimizer = create[by](model);
  const progress: Progress[] = [];
  const states: TrainingState[] = [];
  const result = await trainSupervised({
    model,
    optimizer,
    training,
    validation,
    ...schedule,
    onProgress: (p) => progress.push(p),
    onState: (state) => states.push(structuredClone(state)),
    ...others,
  });
  const weights = await saveWeights(model.weights);
  optimizer.dispose();
  model.dispose();
  return { result, progress, states, weights };
}

/** The training data, and a signal that is aborted while update number `last` runs. */
function until(last: number): Pick<SupervisedOptions<Points>, 'training' | 'signal'> {
  const stop = new AbortController();
  const interrupted: Dataset<Points> = {
    ...training,
    async *batches(...args) {
      let update = 0;
      for await (const batch of training.batches(...args)) {
        if (++update === last) stop.abort();
        yield batch;
      }
    },
  };
  return { training: interrupted, signal: stop.signal };
}

const onSchedule = (progress: readonly Progress[]): Progress[] =>
  progress.filter(({ offSchedule }) => !offSchedule);

it('a report has all it should, or it would be no wonder that they are equal', async () => {
  const { progress } = await train();
  for (const report of onSchedule(progress)) {
    expect(report.gradientNorm).toBeGreaterThan(0);
    expect(report.learningRate).toBeGreaterThan(0);
  }
});

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe.each(Object.keys(create) as (keyof typeof create)[])('training by %s', (by) => {
  it('that goes on after any update is to the bit as if it had not been stopped', async () => {
    const whole = await train({ by });
    expect(whole.states.map(({ update }) => update)).toEqual([4, 8, 12, 16, 20, 23]);
    for (let stop = 1; stop < schedule.maxUpdates; stop++) {
      const before = await train({ by, ...until(stop) });
      expect(before.result).toMatchObject({ stopped: 'signal', updates: stop });
      const state = last(before.states);
      expect(state.update).toBe(stop);
      const after = await train({ by, seed: 99, from: state });
      expect(after.result).toEqual(whole.result);
      expect([...onSchedule(before.progress), ...after.progress]).toEqual(whole.progress);
      expect(last(after.states)).toEqual(last(whole.states));
      expect(after.weights).toEqual(whole.weights);
    }
  });
});

describe('training that goes on', () => {
  it('from any state that it gave, and again from one of those, is the same', async () => {
    const whole = await train({ saveEvery: 1 });
    for (const state of whole.states) {
      const after = await train({ seed: 99, saveEvery: 1, from: state });
      expect(after.result).toEqual(whole.result);
      expect(after.weights).toEqual(whole.weights);
      expect(after.states).toEqual(whole.states.slice(state.update));
      const isOver = state.update === schedule.maxUpdates;
      const reports = whole.progress.filter((p) => p.update > state.update || p.offSchedule);
      expect(after.progress).toEqual(isOver ? [last(whole.progress)] : reports);
    }
  });

  it('heeds what an optimiser remembers, the position and the schedule: another is another training', async () => {
    const whole = await train();
    const [state] = whole.states as [TrainingState];
    const fresh = adam(classifier().weights);
    const changes: Partial<TrainingState>[] = [
      { optimizer: await fresh.save() },
      { position: { epoch: 0, example: 0 } },
      { weights: state.best.weights },
    ];
    for (const change of changes) {
      const other = await train({ from: { ...state, ...change } });
      expect(other.weights).not.toEqual(whole.weights);
    }
  });

  it('ends at once where it was over, for the same reason', async () => {
    const target = await train({ targetError: 0.2, maxUpdates: 1000 });
    expect(target.result.stopped).toBe('target');
    const again = await train({ targetError: 0.2, maxUpdates: 1000, from: last(target.states) });
    expect(again.result).toEqual(target.result);
    expect([again.progress, again.states]).toEqual([[], []]);
    expect(again.weights).toEqual(target.weights);

    const longer = await train({ maxUpdates: 40, from: last((await train()).states) });
    expect(longer.weights).toEqual((await train({ maxUpdates: 40 })).weights);
  });

  it('stops when the validations get no better, wherever it was stopped before', async () => {
    // The labels of the validation set are the opposite ones: the first validation stays the best.
    const options = { validation: points(300, 2, true), patience: 3, maxUpdates: 1000 };
    const whole = await train(options);
    expect(whole.result).toMatchObject({ stopped: 'patience' });
    expect(whole.result.updates).toBe(whole.result.best.update + 3 * schedule.validateEvery);
    const after = await train({ ...options, from: whole.states[1] as TrainingState });
    expect(after.result).toEqual(whole.result);
    const again = await train({ ...options, from: last(whole.states) });
    expect(again.result).toEqual(whole.result);
  });

  it('refuses the state of another model, or one that is damaged', async () => {
    const [state] = (await train()).states as [TrainingState];
    const weights = classifier().weights;
    const { bias } = weights;
    const other = await saveWeights({ bias });
    await expect(train({ from: { ...state, weights: other } })).rejects.toThrow(WeightsError);
    const cut = state.optimizer.subarray(0, 50);
    await expect(train({ from: { ...state, optimizer: cut } })).rejects.toThrow(WeightsError);
    const ofRmsProp = await train({ by: 'rmsProp' });
    const optimizer = last(ofRmsProp.states).optimizer;
    await expect(train({ from: { ...state, optimizer } })).rejects.toThrow(WeightsError);
  });

  it('refuses a state whose plain parts are none, before anything is trained', async () => {
    const [state] = (await train()).states as [TrainingState];
    const { position: _, ...noPosition } = state;
    const { best } = state;
    const wrong: [unknown, RegExp][] = [
      [null, /^from must be an object/],
      [7, /^from must be an object/],
      [{ ...state, update: Number.NaN }, /^from\.update /],
      [{ ...state, update: -50 }, /^from\.update /],
      [noPosition, /^from\.position must be an object/],
      [{ ...state, position: { epoch: 0.5, example: 0 } }, /^from\.position\.epoch /],
      [{ ...state, position: { epoch: 0, example: -1 } }, /^from\.position\.example /],
      [{ ...state, best: null }, /^from\.best must be an object/],
      [{ ...state, best: { ...best, validationError: Number.NaN } }, /^from\.best\.validationE/],
      [{ ...state, best: { ...best, validationLoss: undefined } }, /^from\.best\.validationLoss /],
      [{ ...state, best: { ...best, update: state.update + 1 } }, /^from\.best\.update .*at most/],
      [{ ...state, losses: null }, /^from\.losses must be a list of numbers/],
      [{ ...state, losses: [1, 'two'] }, /^from\.losses /],
      [{ ...state, gradientNorm: '1' }, /^from\.gradientNorm /],
    ];
    for (const [from, message] of wrong) {
      const error = await train({ from: from as TrainingState }).catch((e: unknown) => e);
      expect(error, String(message)).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
    }
    const weights = best.weights.subarray(0, 50);
    const cut = { ...state, best: { ...best, weights } };
    let updates = 0;
    const onProgress = (): number => updates++;
    await expect(train({ from: cut, onProgress })).rejects.toThrow(WeightsError);
    expect(updates).toBe(0);
  });

  it('waits for what keeps its states', async () => {
    let busy = false;
    await train({
      saveEvery: 1,
      onProgress: () => expect(busy).toBe(false),
      async onState() {
        expect(busy).toBe(false);
        busy = true;
        await new Promise((resolve) => setTimeout(resolve, 2));
        busy = false;
      },
    });
    const failing = train({ onState: () => Promise.reject(new Error('no space left')) });
    await expect(failing).rejects.toThrow('no space left');
  });

  it('hands over no state with weights that are no numbers', async () => {
    const model = classifier();
    const optimizer = adam(model.weights);
    const states: TrainingState[] = [];
    const training_ = trainSupervised({
      model,
      optimizer,
      training,
      validation,
      ...schedule,
      // At update 15, after its validation and before its state.
      saveEvery: 5,
      onProgress: ({ update }) => {
        if (update === 15) model.weights.bias.assign(tensor1d([Number.NaN, 0]));
      },
      onState: (state) => states.push(state),
    });
    await expect(training_).rejects.toMatchObject({
      code: 'diverged',
      update: 15,
      divergence: { what: 'weight', path: 'bias' },
    });
    expect(states.map(({ update }) => update)).toEqual([5, 10]);
  });
});
