import {
  FastWeightsError,
  loadWeights,
  readSafetensors,
  saveWeights,
  writeSafetensors,
} from '@fastweights/core';
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
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

/** The same tensors under other words. */
function rewritten(bytes: Uint8Array, change: Record<string, string | undefined>): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const entries = Object.entries({ ...metadata, ...change }).filter(
    ([, text]) => text !== undefined,
  );
  return writeSafetensors(tensors, Object.fromEntries(entries) as Record<string, string>);
}

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

  it('nothing without a typed error, wherever a bit is wrong', async () => {
    const weights = await weightsOf();
    const bytes = exportModel({ config, weights });
    const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 0; at < header; at += 7) {
      const broken = bytes.slice();
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      try {
        const model = importModel(broken);
        restoreExperiment(model).dispose();
      } catch (error) {
        expect(error).toBeInstanceOf(FastWeightsError);
      }
    }
    const experiment = prepareExperiment(config);
    loadWeights(experiment.model.weights, importModel(bytes).weights);
    experiment.dispose();
  });
});
