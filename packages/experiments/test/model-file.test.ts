import {
  FastWeightsError,
  loadWeights,
  readSafetensors,
  saveWeights,
  writeSafetensors,
} from '@fastweights/core';
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../src/crc32.ts';
import {
  ConfigError,
  exportModel,
  importModel,
  ModelFileError,
  parseConfig,
  prepareExperiment,
  restoreExperiment,
} from '../src/index.ts';

const config = parseConfig({ model: { units: 6 }, seed: 4 });

async function weightsOf(of = config): Promise<Uint8Array> {
  const experiment = prepareExperiment(of);
  const weights = await saveWeights(experiment.model.weights);
  experiment.dispose();
  return weights;
}

const inOrder = <T>(entries: Iterable<[string, T]>): [string, T][] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** The same tensors under other words; their checksum is right, by another's CRC-32, unless it is among them. */
function rewritten(bytes: Uint8Array, change: Record<string, string | undefined>): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const { checksum: _, ...others } = { ...metadata, ...change };
  const texts = Object.fromEntries(
    inOrder(Object.entries(others)).filter(([, text]) => text !== undefined),
  ) as Record<string, string>;
  const right = crc32(writeSafetensors(new Map(inOrder(tensors)), texts))
    .toString(16)
    .padStart(8, '0');
  const { checksum = 'checksum' in change ? undefined : right } = change;
  return writeSafetensors(tensors, { ...texts, ...(checksum !== undefined && { checksum }) });
}

/** Nested so deeply that nothing can go down into it by calling itself. */
const abyss = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('an exported model', () => {
  it('comes back as it was, to the last bit', async () => {
    const weights = await weightsOf();
    const bytes = exportModel({ config, weights, software: 'fastweights 1.2.3' });
    expect(importModel(bytes)).toEqual({ config, weights, software: 'fastweights 1.2.3' });
    expect(readSafetensors(bytes).metadata).toMatchObject({
      task: 'retrieval',
      model: 'fast-weights',
    });
    expect(importModel(exportModel({ config, weights }))).toEqual({ config, weights });
  });

  it('can be restored, and leaves nothing behind', async () => {
    const other = parseConfig({ ...config, seed: 5 });
    const weights = await weightsOf(other);
    const before = memory().numTensors;
    const experiment = restoreExperiment(importModel(exportModel({ config, weights })));
    expect(await saveWeights(experiment.model.weights)).toEqual(weights);
    experiment.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('is refused where its weights are another model’s, which is named', async () => {
    const lstm = parseConfig({ model: { kind: 'lstm', units: 6 } });
    const before = memory().numTensors;
    const weights = await weightsOf(lstm);
    const error = thrownBy(() => restoreExperiment({ config, weights })) as ModelFileError;
    expect(error).toBeInstanceOf(ModelFileError);
    expect(error).toMatchObject({ problem: 'other-model', nearest: 'lstm', code: 'model-file' });
    expect(error.message).toMatch(
      /^The weights are not those of the model, fast-weights with 6 units\. .* They fit lstm\.$/,
    );
    expect(memory().numTensors).toBe(before);
    const larger = await weightsOf(parseConfig({ model: { units: 7 } }));
    expect(thrownBy(() => restoreExperiment({ config, weights: larger }))).toMatchObject({
      problem: 'other-model',
      nearest: undefined,
    });
  });
});

describe('a model with weights that are no numbers', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is refused for its %d', async (value) => {
    const { tensors } = readSafetensors(await weightsOf());
    const stored = [...tensors];
    const [path, { shape, values }] = stored[2] as (typeof stored)[0];
    const odd = new Map(tensors).set(path, { shape, values: values.with(1, value) });
    const weights = importModel(exportModel({ config, weights: writeSafetensors(odd) })).weights;
    const error = thrownBy(() => restoreExperiment({ config, weights })) as ModelFileError;
    expect(error).toMatchObject({ problem: 'damaged', nearest: undefined });
    expect(error.message).toContain(`The weight ${path} holds ${value}:`);
  });
});

it('crc32 is that of zip: its check value is known', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

describe('importModel refuses', () => {
  it('what is no safetensors file', () => {
    const error = thrownBy(() => importModel(new TextEncoder().encode('{"a": 1}')));
    expect(error).toBeInstanceOf(ModelFileError);
    expect(error).toMatchObject({ problem: 'foreign' });
  });

  it('weights that do not say of which model they are', async () => {
    expect(thrownBy(() => importModel(new Uint8Array()))).toMatchObject({ problem: 'foreign' });
    const weights = await weightsOf();
    expect(thrownBy(() => importModel(weights))).toMatchObject({ problem: 'foreign' });
  });

  it('a newer version, a config that is no JSON, and one that is wrong', async () => {
    const bytes = exportModel({ config, weights: await weightsOf() });
    const newer = thrownBy(() => importModel(rewritten(bytes, { version: '2' })));
    expect(newer).toMatchObject({ problem: 'newer' });
    expect((newer as Error).message).toContain('Update fastweights.');
    const torn = thrownBy(() => importModel(rewritten(bytes, { config: '{' })));
    expect(torn).toMatchObject({ problem: 'damaged' });
    const text = JSON.stringify({ ...config, model: { ...config.model, kind: 'fastweight' } });
    const wrong = thrownBy(() => importModel(rewritten(bytes, { config: text })));
    expect(wrong).toBeInstanceOf(ConfigError);
    expect(wrong).toMatchObject({ nearest: 'fast-weights' });
  });

  it('a checksum of other bytes, and none at all', async () => {
    const bytes = exportModel({ config, weights: await weightsOf() });
    expect(importModel(rewritten(bytes, {}))).toEqual(importModel(bytes));
    const other = thrownBy(() => importModel(rewritten(bytes, { checksum: '00000000' })));
    expect(other).toMatchObject({ problem: 'damaged' });
    expect((other as Error).message).toMatch(
      /its checksum is that of other bytes\. Export it again/,
    );
    const none = thrownBy(() => importModel(rewritten(bytes, { checksum: undefined })));
    expect(none).toMatchObject({ problem: 'damaged' });
    expect((none as Error).message).toContain('has no checksum');
  });

  it.each(['', '{"data":', '{"model":{"kind":', '{"version":', '{"data":{"pairs":'])(
    'a config that is nested without end, after %s',
    async (start) => {
      const bytes = exportModel({ config, weights: await weightsOf() });
      const text = `${start}${abyss}${'}'.repeat(start.split('{').length - 1)}`;
      const error = thrownBy(() => importModel(rewritten(bytes, { config: text })));
      expect(error).toBeInstanceOf(ConfigError);
      const torn = thrownBy(() => importModel(rewritten(bytes, { config: '['.repeat(100_000) })));
      expect(torn).toMatchObject({ problem: 'damaged' });
    },
  );

  it('every file in which a bit is wrong, with a typed error', async () => {
    const weights = await weightsOf();
    const bytes = exportModel({ config, weights });
    const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 0; at < bytes.length; at += at < header ? 1 : 331) {
      const broken = bytes.slice();
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      const error = thrownBy(() => importModel(broken));
      expect(error).toBeInstanceOf(FastWeightsError);
      if (at >= header) expect(error).toMatchObject({ problem: 'damaged' });
    }
    const experiment = prepareExperiment(config);
    loadWeights(experiment.model.weights, importModel(bytes).weights);
    experiment.dispose();
  });
});
