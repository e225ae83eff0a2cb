import { countWeights, saveWeights, walkWeights } from '@fastweights/core';
import { decodeRetrieval, type ImageSet, memoryImages } from '@fastweights/datasets';
import { rateAt, trainSupervised } from '@fastweights/trainers';
import { dispose, memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  type Experiment,
  fastWeightsRetrievalModel,
  type ImageSources,
  modelNames,
  parseConfig,
  prepareExperiment,
  retrievalConfig,
  trainingOptions,
} from '../src/index.ts';
import { stepSizes } from '../src/prepare/optimizer.ts';

const sizes = { training: 64, validation: 20, test: 30 };

/** Images that are told apart by their grey value. */
function greys(size: number, side: number, classes: number, first = 0): ImageSet {
  const pixels = new Uint8Array(size * side ** 2);
  for (let i = 0; i < size; i++) pixels.fill((first + i) % 256, i * side ** 2, (i + 1) * side ** 2);
  return memoryImages({
    pixels,
    labels: Uint8Array.from({ length: size }, (_, i) => i % classes),
    side,
    classes: Array.from({ length: classes }, (_, i) => `${i}`),
  });
}

const parts = (side: number, classes: number) => ({
  training: greys(60, side, classes),
  validation: greys(20, side, classes, 60),
  test: greys(30, side, classes, 100),
});

const sources: ImageSources = {
  mnist: async () => parts(28, 10),
  multiPie: async () => parts(48, 6),
  fer2013: async () => parts(48, 7),
};

async function firstBatch(experiment: Experiment, count = 4) {
  const dataset = await experiment.data.training();
  for await (const batch of dataset.batches(count)) return batch;
  throw new Error('no batch');
}

async function texts(experiment: Experiment, part: 'training' | 'test'): Promise<string[]> {
  const dataset = await experiment.data[part]();
  for await (const { inputs, targets } of dataset.inOrder(10)) {
    const rows = inputs.arraySync() as number[][];
    dispose([inputs, targets]);
    return rows.map((ids) => decodeRetrieval(Uint8Array.from(ids)));
  }
  throw new Error('no batch');
}

describe('prepareExperiment', () => {
  it.each(modelNames('retrieval'))('makes %s answer strings', async (kind) => {
    const config = parseConfig({ data: { sizes }, model: { kind, units: 8 } });
    const experiment = prepareExperiment(config);
    const batch = await firstBatch(experiment);
    expect(batch.inputs.shape).toEqual([4, 11]);
    expect(experiment.model.predict(batch.inputs).shape).toEqual([4, 10]);
    expect((await experiment.model.loss(batch).data())[0]).toBeGreaterThan(0);
    expect(experiment.model.trace === undefined).toBe(kind !== 'fast-weights');
    experiment.dispose();
  });

  it.each(modelNames('mnist'))('makes %s look at images', async (kind) => {
    for (const [task, side, classes, data] of [
      ['mnist', 28, 10, { validation: 20 }],
      ['faces', 48, 7, { source: 'fer-2013', file: '/fer.csv' }],
    ] as const) {
      const config = parseConfig({ task, data, model: { kind, units: 6 } });
      const experiment = prepareExperiment(config, sources);
      const batch = await firstBatch(experiment);
      expect(batch.inputs.shape).toEqual(
        kind === 'conv-net' ? [4, side, side, 1] : [4, 24, (side / 4) ** 2],
      );
      expect(experiment.model.predict(batch.inputs).shape).toEqual([4, classes]);
      experiment.dispose();
    }
  });

  it('hands the settings of the config to the cell', () => {
    const count = (task: string, model: object): number => {
      const experiment = prepareExperiment(parseConfig({ task, model }), sources);
      const paths = [...walkWeights({ cell: experiment.model.weights['cell'] as never })];
      const numbers = countWeights({ cell: experiment.model.weights['cell'] as never });
      experiment.dispose();
      return paths.length * 1e6 + numbers;
    };
    const cell = 100 * 8 + 8 * 8;
    expect(count('retrieval', { units: 8 })).toBe(4e6 + cell + 16);
    expect(count('retrieval', { units: 8, layerNorm: [] })).toBe(2e6 + cell);
    expect(count('retrieval', { units: 8, innerWeights: 'slow' })).toBe(5e6 + cell + 64 + 16);
    expect(count('mnist', { units: 8 })).toBe(5e6 + 49 * 8 + 2 * 64 + 16);
    expect(count('mnist', { units: 8, integration: false })).toBe(4e6 + 49 * 8 + 64 + 16);
    expect(count('retrieval', { kind: 'a-lstm', units: 8, heads: 1 })).toBe(3e6 + 36 * 109);
  });

  it('follows from the seed alone: model, order, and strings', async () => {
    const make = async (seed: number) => {
      const experiment = prepareExperiment(
        parseConfig({ data: { sizes }, model: { units: 8 }, seed }),
      );
      const weights = await saveWeights(experiment.model.weights);
      const { inputs } = await firstBatch(experiment);
      const ids = [...(await inputs.data())];
      experiment.dispose();
      return { weights, ids };
    };
    const once = await make(3);
    expect(await make(3)).toEqual(once);
    const other = await make(4);
    expect(other.weights).not.toEqual(once.weights);
    expect(other.ids).not.toEqual(once.ids);
  });

  it('tests every model and seed on the same strings, which are those of no training', async () => {
    const make = (seed: number, testSeed = 2016) =>
      prepareExperiment(parseConfig({ data: { sizes, testSeed }, model: { units: 8 }, seed }));
    const first = await texts(make(1), 'test');
    expect(await texts(make(2), 'test')).toEqual(first);
    expect(await texts(make(1, 5), 'test')).not.toEqual(first);
    expect(await texts(make(2016), 'training')).not.toEqual(first);
    expect(await texts(make(1), 'training')).not.toEqual(await texts(make(2), 'training'));
  });

  it('is what the command line has had so far, where that is asked for', async () => {
    const old = fastWeightsRetrievalModel({ ...retrievalConfig, units: 20, seed: 9 });
    const model = { units: 20, embeddingScale: 0.3 };
    const experiment = prepareExperiment(parseConfig({ model, seed: 9 }));
    expect(await saveWeights(experiment.model.weights)).toEqual(await saveWeights(old.weights));
  });

  it('keeps the same images for validation whatever the seed, and none that are trained on', async () => {
    const greysOf = async (seed: number, validation: number): Promise<number[][]> => {
      const config = parseConfig({
        task: 'mnist',
        data: { validation },
        model: { kind: 'conv-net', units: 2 },
        seed,
      });
      const experiment = prepareExperiment(config, {
        mnist: async () => ({ training: greys(200, 28, 10), test: greys(9, 28, 10) }),
      });
      const sets = [await experiment.data.training(), await experiment.data.validation()];
      return Promise.all(
        sets.map(async (dataset) => {
          const found: number[] = [];
          for await (const { inputs } of dataset.inOrder(50)) {
            const values = await inputs.data();
            for (let i = 0; i < values.length; i += 784) {
              found.push(Math.round((values[i] as number) * 255));
            }
          }
          return found;
        }),
      );
    };
    const [training = [], validation = []] = await greysOf(1, 50);
    expect([training.length, validation.length]).toEqual([150, 50]);
    expect([...training, ...validation].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
    expect((await greysOf(2, 50))[1]).toEqual(validation);
  });

  it('opens data when they are asked for, each source once, and again where that failed', async () => {
    let calls = 0;
    const config = parseConfig({ task: 'mnist', data: { validation: 20 }, model: { units: 4 } });
    const experiment = prepareExperiment(config, {
      async mnist() {
        calls++;
        if (calls === 1) throw new Error('no disk');
        return parts(28, 10);
      },
    });
    expect(calls).toBe(0);
    await expect(experiment.data.training()).rejects.toThrow('no disk');
    await experiment.data.training();
    await experiment.data.test();
    await experiment.data.validation();
    expect(calls).toBe(2);
    experiment.dispose();
  });

  it('refuses images of another kind, and says what is missing to read any', async () => {
    const config = parseConfig({ task: 'mnist', data: { validation: 20 } });
    const wrong = prepareExperiment(config, { mnist: async () => parts(48, 10) });
    await expect(wrong.data.training()).rejects.toThrow(ConfigError);
    await expect(wrong.data.training()).rejects.toThrow(/images of 28 × 28 pixels in 10 classes/);
    const without = prepareExperiment(config);
    await expect(without.data.training()).rejects.toThrow(/fileSources\(\)/);
    const faces = prepareExperiment(
      parseConfig({ task: 'faces', data: { source: 'fer-2013', file: 'x' } }),
    );
    await expect(faces.data.training()).rejects.toThrow(/reads fer-2013/);
  });

  it('renders faces of people who are in one part alone, through a cache where there is one', async () => {
    const people = { identities: 4, validationIdentities: 1, testIdentities: 1 };
    const config = parseConfig({ task: 'faces', data: people, model: { units: 4 } });
    const asked: number[] = [];
    const experiment = prepareExperiment(config, {
      async rendered(images) {
        asked.push(images.size);
        return images;
      },
    });
    const batch = await firstBatch(experiment, 2);
    expect(batch.inputs.shape).toEqual([2, 24, 144]);
    expect(asked.length).toBe(3);
    expect((await experiment.data.test()).size).toBe(asked[2]);
    experiment.dispose();
  });

  it('leaves nothing behind', async () => {
    const before = memory().numTensors;
    for (const kind of modelNames('mnist')) {
      const experiment = prepareExperiment(
        parseConfig({ task: 'mnist', model: { kind, units: 4 } }),
      );
      experiment.optimizer().dispose();
      experiment.dispose();
    }
    expect(memory().numTensors).toBe(before);
  });
});

describe('a prepared experiment', () => {
  it('can be trained, to the same bits again, and stops when its patience ends', async () => {
    const training = {
      batchSize: 16,
      maxUpdates: 12,
      validateEvery: 2,
      patience: 2,
      stepSize: 1e-12,
    };
    const config = parseConfig({ data: { sizes }, model: { units: 6 }, training });
    const train = async () => {
      const { model, data, optimizer, dispose } = prepareExperiment(config);
      const result = await trainSupervised({
        model,
        optimizer: optimizer(),
        training: await data.training(),
        validation: await data.validation(),
        ...trainingOptions(config.training),
      });
      const weights = await saveWeights(model.weights);
      dispose();
      return { result, weights };
    };
    const once = await train();
    // Such steps change neither an answer nor a loss: the first validation is the best, and two more are not better.
    expect(once.result).toMatchObject({ updates: 6, stopped: 'patience', best: { update: 2 } });
    expect(await train()).toEqual(once);
    expect(trainingOptions({ ...config.training, patience: 0 })).not.toHaveProperty('patience');
  });
});

describe('step sizes', () => {
  const { training } = parseConfig({
    training: { stepSize: 0.01, finalShare: 0.001, maxUpdates: 1000 },
  });

  it.each([
    ['constant', 0.01, 0.01],
    ['cosine', 0.005005, 1e-5],
    ['exponential', 0.01 * Math.sqrt(0.001), 1e-5],
  ] as const)('of a %s schedule go from the first to the last update', (schedule, middle, last) => {
    const sizes = stepSizes({ ...training, schedule });
    expect(rateAt(sizes, 0)).toBeCloseTo(0.01, 12);
    expect(rateAt(sizes, 500)).toBeCloseTo(middle, 8);
    expect(rateAt(sizes, 1000)).toBeCloseTo(last, 10);
    expect(rateAt(sizes, 2000)).toBeCloseTo(last, 10);
  });
});
