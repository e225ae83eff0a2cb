import { describe, expect, it } from 'vitest';
import {
  type AgentConfig,
  agentTaskNames,
  applySettings,
  ConfigError,
  configFields,
  configHash,
  isAgentConfig,
  modelNames,
  paperTables,
  parseAgentConfig,
  parseAnyConfig,
  parseConfig,
  planTable,
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

describe('the config of an agent', () => {
  it('is whole where nothing is said, and has the sizes of the paper', () => {
    expect(parseAgentConfig({})).toMatchObject({
      version: 1,
      task: 'catch',
      data: { source: 'catch', size: 16, visibleFrames: 3 },
      model: { kind: 'fast-weights', units: 128, hidden: 128, decayRate: 0.9, learningRate: 0.3 },
      training: { optimizer: 'adam', decay: 0.999, discount: 0.99, entropyBonus: 0.003 },
      seed: 1,
    });
    const { model } = parseAgentConfig({ model: { kind: 'rnn' } });
    expect(model).toEqual({ kind: 'rnn', units: 128, hidden: 128, recurrentScale: 0.5 });
  });

  it('means itself for every model, and has a description and a default for every setting', () => {
    expect(agentTaskNames).toEqual(['catch']);
    expect(sourceNames('catch')).toEqual(['catch']);
    expect(modelNames('catch')).toEqual(['fast-weights', 'lstm', 'rnn', 'ln-rnn']);
    for (const kind of modelNames('catch')) {
      const config = parseAgentConfig({ model: { kind } });
      expect(parseAgentConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
      for (const field of configFields({ task: 'catch', model: kind })) {
        expect(field.description, field.path).not.toBe('');
        expect(field.default, field.path).toBeDefined();
      }
    }
  });

  it('is no part of the supervised tasks, and told from them in a file', () => {
    expect(taskNames).toEqual(['retrieval', 'mnist', 'faces']);
    expect(refusal(() => parseConfig({ task: 'catch' })).path).toBe('task');
    expect(refusal(() => parseAgentConfig({ task: 'mnist' })).found).toBe('"mnist"');
    expect(isAgentConfig(parseAnyConfig({ task: 'catch' }))).toBe(true);
    expect(isAgentConfig(parseAnyConfig({ task: 'mnist' }))).toBe(false);
    expect(parseAnyConfig({})).toEqual(parseConfig({}));
  });

  it.each([
    [{ task: 'cach' }, 'task', '"cach"', 'catch'],
    [{ model: { kind: 'lsmt' } }, 'model.kind', '"lsmt"', 'lstm'],
    [{ data: { sise: 16 } }, 'data.sise', 'unknown', 'data.size'],
    [{ data: { visible: 3 } }, 'data.visible', 'unknown', 'data.visibleFrames'],
    [{ training: { entropy: 0.1 } }, 'training.entropy', 'unknown', 'training.entropyBonus'],
    [{ training: { optimizer: 'rmsprob' } }, 'training.optimizer', '"rmsprob"', 'rmsprop'],
    [{ training: { annealing: 'cosin' } }, 'training.annealing', '"cosin"', 'cosine'],
    [{ training: { workers: 2 } }, 'training.workers', 'unknown', undefined],
    [{ data: { size: 1 } }, 'data.size', '1', undefined],
    [{ data: { visibleFrames: 0 } }, 'data.visibleFrames', '0', undefined],
    [{ training: { discount: 1.1 } }, 'training.discount', '1.1', undefined],
    [{ training: { epsilon: 0 } }, 'training.epsilon', '0', undefined],
    [{ training: { decay: 1 } }, 'training.decay', '1', undefined],
    [{ training: { horizon: 1.5 } }, 'training.horizon', '1.5', undefined],
  ])('refuses %j, and names what was meant', (value, path, found, meant) => {
    const error = refusal(() => parseAgentConfig(value));
    expect([error.path, error.found, error.nearest]).toEqual([path, found, meant]);
  });

  it.each([
    [{ data: { size: 8, visibleFrames: 9 } }, 'data.visibleFrames', /at most data\.size, 8,/],
    [{ training: { horizon: 16 } }, 'training.horizon', /at most 15, the moves of an episode/],
    [{ training: { maxFrames: 239 } }, 'training.maxFrames', /at least 240, one episode in each/],
    [{ training: { maxFrames: 1000 } }, 'training.reportEvery', /nothing is ever reported/],
    [{ training: { annealing: 'cosine', finalShare: 1 } }, 'training.finalShare', /below 1/],
    [{ training: { worlds: 65_536, maxFrames: 1e9 } }, 'training.worlds', /at most 16384 /],
    [
      {
        data: { size: 100 },
        model: { kind: 'lstm' },
        training: { worlds: 65_536, maxFrames: 1e9 },
      },
      'training.worlds',
      /at most 271 .* do not fit into memory/,
    ],
  ])('refuses the contradiction in %j', (value, path, message) => {
    const error = refusal(() => parseAgentConfig(value));
    expect([error.problem, error.path]).toEqual(['contradiction', path]);
    expect(error.message).toMatch(message);
  });

  it('takes what is just possible', () => {
    const data = { size: 8, visibleFrames: 8 };
    const training = { horizon: 7, worlds: 2, maxFrames: 14, reportEvery: 14 };
    expect(parseAgentConfig({ data, training })).toMatchObject({ data, training });
  });

  it('takes settings, and keeps what other models have in common', () => {
    const base: AgentConfig = parseAgentConfig({});
    const changed = applySettings(base, ['size=24', 'visibleFrames=5', 'innerSteps=2', 'worlds=4']);
    expect(changed).toEqual({
      ...base,
      data: { source: 'catch', size: 24, visibleFrames: 5 },
      model: { ...base.model, innerSteps: 2 },
      training: { ...base.training, worlds: 4 },
    });
    expect(applySettings(base, ['model=lstm', 'units=20']).model).toEqual({
      kind: 'lstm',
      units: 20,
      hidden: 128,
      forgetBias: 1,
    });
    expect(refusal(() => applySettings(base, ['task=mnist'])).path).toBe('task');
    expect(refusal(() => applySettings(base, ['entropy=1'])).nearest).toBe('entropyBonus');
  });
});

describe('hashes', () => {
  it('of trainings whose results are kept are what they were', async () => {
    // From docs/results, of Table 1 and Table 2.
    const recorded = [
      [
        'table1',
        'fast-weights',
        '8d1bfbfd6ea25383fe7e9bfd30d0ba212b4a37e15147dbdff8b1b7517e566931',
      ],
      ['table1', 'irnn', '610e58e9f80b53c0cb1f6daf85dcfce697949c555df352421fa0a5d4e38832c7'],
      ['table1', 'lstm', 'df7b26f1bef6c321814e902a5358e780d2c749417a686d2e9dd6b200a6111676'],
      ['table1', 'a-lstm', '52d7c8f88ccc108970e04b9ed94c52236995033af79b5e27a55c461ba41f0aed'],
      [
        'table2',
        'fast-weights',
        '8cdc5afa028fb4822229ac8778fc5cb13965bd8984ad2045d8ef73973a35a367',
      ],
      ['table2', 'irnn', '865effe586621eb33f0cac788d7737501e0e9ee00d9ee234791281bf745c2d04'],
    ] as const;
    for (const [name, model, hash] of recorded) {
      const table = paperTables[name] as (typeof paperTables)[string];
      const [run] = await planTable(table, { models: [model], units: [50], seeds: 1 });
      expect(run?.hash, `${name} ${model}`).toBe(hash);
    }
    expect(await configHash(parseConfig({ task: 'faces' }))).toBe(
      '6cfa99a7159ce921030943e128fede03ffa141aad121d5acf6994bf4b9933b6d',
    );
  });

  it('of agents follow from all that is said, and from nothing else', async () => {
    const config = parseAgentConfig({});
    const hash = await configHash(config);
    const { seed, ...rest } = config;
    expect(await configHash({ seed, ...rest })).toBe(hash);
    for (const setting of ['seed=2', 'visibleFrames=4', 'hidden=64', 'horizon=5', 'worlds=8']) {
      expect(await configHash(applySettings(config, [setting])), setting).not.toBe(hash);
    }
  });
});
