import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  applySettings,
  CONFIG_VERSION,
  ConfigError,
  canonicalJson,
  configFields,
  configHash,
  type ExperimentConfig,
  editDistance,
  modelNames,
  nearest,
  parseConfig,
  sourceNames,
  taskNames,
} from '../src/index.ts';

function refusal(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** What a source needs besides its name. */
const needed: Readonly<Record<string, object>> = {
  folder: { folder: '/data/mnist' },
  'multi-pie': { root: '/a', landmarks: '/a.csv', cache: '/b' },
  'fer-2013': { file: '/fer.csv' },
};

describe('a config', () => {
  it('is whole where nothing is said, and has the settings that the paper states', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      version: 1,
      task: 'retrieval',
      data: {
        source: 'strings',
        pairs: 4,
        sizes: { training: 100_000, validation: 10_000, test: 20_000 },
      },
      model: { kind: 'fast-weights', units: 50, decayRate: 0.9, learningRate: 0.5, innerSteps: 1 },
      training: { batchSize: 128 },
    });
    for (const task of ['mnist', 'faces']) {
      const { model } = parseConfig({ task });
      expect(model).toMatchObject({ kind: 'fast-weights', decayRate: 0.95, learningRate: 0.5 });
    }
  });

  it('means itself, for every task, model and source', () => {
    for (const task of taskNames) {
      for (const kind of modelNames(task)) {
        for (const source of sourceNames(task)) {
          const data = { source, ...needed[source] };
          const config = parseConfig({ task, data, model: { kind } });
          expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
          expect(config.model.kind).toBe(kind);
          expect(config.data.source).toBe(source);
        }
      }
    }
  });

  it('has a description and a default for every setting but the paths of files', () => {
    for (const task of taskNames) {
      for (const model of modelNames(task)) {
        for (const source of sourceNames(task)) {
          for (const field of configFields({ task, model, source })) {
            expect(field.description, field.path).not.toBe('');
            const isPath = Object.keys(needed[source] ?? {}).includes(
              field.path.replace('data.', ''),
            );
            if (!isPath) expect(field.default, `${task} ${model} ${field.path}`).toBeDefined();
          }
        }
      }
    }
  });

  it.each([
    [{ task: 'retreival' }, 'task', '"retreival"', 'retrieval'],
    [{ model: { kind: 'fastweights' } }, 'model.kind', '"fastweights"', 'fast-weights'],
    [{ task: 'mnist', data: { source: 'fashon' } }, 'data.source', '"fashon"', 'fashion-mnist'],
    [{ model: { unit: 20 } }, 'model.unit', 'unknown', 'model.units'],
    [{ training: { units: 20 } }, 'training.units', 'unknown', 'model.units'],
    [{ modle: {} }, 'modle', 'unknown', 'model'],
    [
      { data: { sizes: { trainning: 3 } } },
      'data.sizes.trainning',
      'unknown',
      'data.sizes.training',
    ],
    [{ model: { units: 0 } }, 'model.units', '0', undefined],
    [{ model: { units: '20' } }, 'model.units', '"20"', undefined],
    [{ model: { units: 2.5 } }, 'model.units', '2.5', undefined],
    [{ model: { decayRate: 1.5 } }, 'model.decayRate', '1.5', undefined],
    [{ model: { layerNorm: ['iner'] } }, 'model.layerNorm', '["iner"]', 'inner'],
    [{ model: { settling: 'fre' } }, 'model.settling', '"fre"', 'free'],
    [{ training: { schedule: 'cosin' } }, 'training.schedule', '"cosin"', 'cosine'],
    [{ training: { stepSize: 0 } }, 'training.stepSize', '0', undefined],
    [{ training: { stepSize: Number.NaN } }, 'training.stepSize', 'NaN', undefined],
    [{ data: { pairs: 27 } }, 'data.pairs', '27', undefined],
    [{ model: 'lstm' }, 'model', '"lstm"', undefined],
    [{ seed: -1 }, 'seed', '-1', undefined],
    [{ task: 'mnist', data: { source: 'folder' } }, 'data.folder', 'missing', undefined],
    ['text', '', '"text"', undefined],
    [null, '', 'null', undefined],
    [[], '', '[]', undefined],
  ])(
    'refuses %j, and names the place, what was found and what was meant',
    (value, path, found, meant) => {
      const error = refusal(() => parseConfig(value));
      expect([error.path, error.found, error.nearest]).toEqual([path, found, meant]);
      const isTypo = error.problem === 'unknown' && meant !== undefined;
      expect(error.message).toContain(isTypo ? 'is unknown' : error.expected);
      expect(error.code).toBe('config');
    },
  );

  it('says what a number may be', () => {
    const expected = (value: unknown): string => refusal(() => parseConfig(value)).expected;
    expect(expected({ model: { units: 5000 } })).toBe('a whole number from 1 to 4096');
    expect(expected({ model: { decayRate: 2 } })).toBe('a number from 0 to 1');
    expect(expected({ training: { stepSize: 2 } })).toBe('a number above 0, at most 1');
    expect(expected({ training: { batchSize: 0 } })).toBe('a whole number of at least 1');
  });

  it.each([
    [{ model: { kind: 'a-lstm', units: 25 } }, 'model.units'],
    [{ training: { maxUpdates: 100, validateEvery: 50, patience: 2 } }, 'training.patience'],
    [{ training: { schedule: 'cosine', finalShare: 1 } }, 'training.finalShare'],
    [
      { task: 'mnist', data: { validation: 0 }, training: { targetError: 0.1 } },
      'training.targetError',
    ],
    [{ task: 'mnist', data: { validation: 0 }, training: { patience: 3 } }, 'training.patience'],
    [{ task: 'mnist', data: { levels: 3 } }, 'data.levels'],
    [{ task: 'faces', data: { levels: 3 } }, 'data.levels'],
    [{ task: 'mnist', model: { kind: 'conv-net', stride: 8 } }, 'model.stride'],
    [{ task: 'faces', data: { identities: 40 } }, 'data.identities'],
    [{ task: 'faces', data: { identities: 1e15 } }, 'data.identities'],
    [{ data: { sizes: { training: Number.MAX_SAFE_INTEGER } } }, 'data.sizes.training'],
    [{ data: { sizes: { validation: 1e12 } } }, 'data.sizes.validation'],
    [{ data: { sizes: { test: 100_000_000_000 } } }, 'data.sizes.test'],
    [{ training: { batchSize: 1e9 } }, 'training.batchSize'],
  ])('refuses the contradiction in %j', (value, path) => {
    const error = refusal(() => parseConfig(value));
    expect([error.problem, error.path]).toEqual(['contradiction', path]);
  });

  it('refuses one from a newer version, and says what to do', () => {
    const error = refusal(() => parseConfig({ version: CONFIG_VERSION + 1, news: true }));
    expect(error.problem).toBe('newer');
    expect(error.message).toMatch(/version must be at most 1, but it is 2\..* update it\.$/);
    expect(refusal(() => parseConfig({ version: '1' })).problem).toBe('value');
  });
});

describe('settings', () => {
  const base = parseConfig({});

  it('change what they name, by its path or by its last part', () => {
    const changed = applySettings(base, [
      'units=100',
      'training.stepSize = 0.01',
      'seed=7',
      'layerNorm=inner, preliminary',
      'sizes.training=640',
    ]);
    expect(changed).toEqual({
      ...base,
      data: { ...base.data, sizes: { ...(base.data as { sizes: object }).sizes, training: 640 } },
      model: { ...base.model, units: 100, layerNorm: ['inner', 'preliminary'] },
      training: { ...base.training, stepSize: 0.01 },
      seed: 7,
    });
    expect(base.model.units).toBe(50);
  });

  it('change the model, keep its units, and take the others of its own', () => {
    const changed = applySettings(applySettings(base, ['units=100']), [
      'forgetBias=2',
      'model=lstm',
    ]);
    expect(changed.model).toEqual({ kind: 'lstm', units: 100, forgetBias: 2, embeddingScale: 0.3 });
    expect(applySettings(base, ['decayRate=0.5', 'kind=fast-weights']).model).toMatchObject({
      decayRate: 0.5,
    });
  });

  it('change where the data come from', () => {
    const faces = parseConfig({ task: 'faces' });
    const changed = applySettings(faces, ['source=fer-2013', 'file=/fer.csv', 'classes=six']);
    expect(changed.data).toMatchObject({ source: 'fer-2013', file: '/fer.csv', classes: 'six' });
    expect(applySettings(faces, ['secondLook=false']).model).toMatchObject({ secondLook: false });
  });

  it.each([
    ['unts=100', 'unknown', 'unts', 'units'],
    ['model.unts=100', 'unknown', 'model.unts', 'model.units'],
    ['training.units=100', 'unknown', 'training.units', 'model.units'],
    ['units=many', 'value', 'model.units', undefined],
    ['units=', 'value', 'model.units', undefined],
    ['stepSize=1e999', 'value', 'training.stepSize', undefined],
    ['units=-5', 'value', 'model.units', undefined],
    ['schedule=cos', 'value', 'training.schedule', 'cosine'],
    ['model=lsmt', 'value', 'model.kind', 'lstm'],
    ['source=mnist', 'value', 'data.source', undefined],
    ['task=mnist', 'value', 'task', undefined],
    ['units', 'setting', 'A setting', undefined],
    ['=3', 'setting', 'A setting', undefined],
  ])('refuse %s', (setting, problem, path, meant) => {
    const error = refusal(() => applySettings(base, [setting]));
    expect([error.problem, error.path, error.nearest]).toEqual([problem, path, meant]);
  });

  it('refuse what could be meant twice, and what is neither true nor false', () => {
    expect(() => applySettings(base, ['validation=3', 'test=2'])).not.toThrow();
    const faces = parseConfig({ task: 'faces' });
    expect(refusal(() => applySettings(faces, ['wipe=yes'])).expected).toBe('true or false');
  });
});

describe('the hash of a config', () => {
  it('is the sha256 of its canonical JSON, whoever wrote it in whatever order', async () => {
    const config = parseConfig({});
    const { seed, ...rest } = config;
    const turned = { seed, ...rest } as ExperimentConfig;
    expect(Object.keys(turned)[0]).toBe('seed');
    expect(await configHash(turned)).toBe(await configHash(config));
    const text = canonicalJson(config);
    expect(await configHash(config)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(await configHash(applySettings(config, ['seed=2']))).not.toBe(await configHash(config));
  });

  it('is that of JSON with keys in order and nothing between', () => {
    expect(canonicalJson({ b: [1, { d: 'x', c: null }], a: undefined, A: 2 })).toBe(
      '{"A":2,"b":[1,{"c":null,"d":"x"}]}',
    );
  });
});

describe('what was probably meant', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['lstm', 'lsm', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('is %s %s apart by %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('is the closest choice, if it is close', () => {
    const choices = ['fast-weights', 'irnn', 'lstm', 'a-lstm'];
    expect(nearest('FastWeights', choices)).toBe('fast-weights');
    expect(nearest('fast', choices)).toBe('fast-weights');
    expect(nearest('alstm', choices)).toBe('a-lstm');
    expect(nearest('transformer', choices)).toBeUndefined();
    expect(nearest('', choices)).toBeUndefined();
  });
});
