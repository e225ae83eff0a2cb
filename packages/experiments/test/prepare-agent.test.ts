import {
  countWeights,
  loadWeights,
  readSafetensors,
  saveWeights,
  walkWeights,
} from '@fastweights/core';
import { type AgentProgress, rateAt, trainAgent } from '@fastweights/trainers';
import { memory, type Tensor3D, tensor1d, tensor3d, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type AgentConfig,
  applySettings,
  exportModel,
  importAgent,
  importModel,
  ModelFileError,
  modelNames,
  parseAgentConfig,
  parseConfig,
  prepareAgent,
  prepareExperiment,
  restoreAgent,
} from '../src/index.ts';

const small = (kind: string, ...settings: string[]): AgentConfig =>
  applySettings(
    parseAgentConfig({
      data: { size: 5, visibleFrames: 2 },
      model: { kind, units: 6, hidden: 7 },
      training: { worlds: 3, maxFrames: 120, reportEvery: 24 },
    }),
    settings,
  );

async function weightsOf(config: AgentConfig, index = 0): Promise<Uint8Array> {
  const { agent, dispose } = prepareAgent(config, { index, of: 2 });
  const weights = await saveWeights(agent.weights);
  dispose();
  return weights;
}

async function trained(config: AgentConfig) {
  const { agent, environment, optimizer, options, dispose } = prepareAgent(config);
  const own = optimizer();
  const reports: AgentProgress[] = [];
  const onProgress = (progress: AgentProgress): unknown => reports.push(progress);
  const result = await trainAgent({ agent, environment, optimizer: own, ...options, onProgress });
  const weights = await saveWeights(agent.weights);
  own.dispose();
  dispose();
  return { result, reports, weights };
}

describe('prepareAgent', () => {
  it.each(modelNames('catch'))('makes %s, which acts as it unrolls', (kind) => {
    const { agent, environment, dispose } = prepareAgent(small(kind));
    expect(environment).toMatchObject({ batchSize: 3, size: 5, visibleFrames: 2 });
    expect([agent.observationSize, agent.actions]).toEqual([25, 3]);
    const { logits, values } = agent.act(zeros([3, 25]), agent.initialState(3));
    expect([logits.shape, values.shape]).toEqual([[3, 3], [3]]);
    expect(agent.unroll(zeros([3, 4, 25])).logits.shape).toEqual([3, 4, 3]);
    expect(agent.trace === undefined).toBe(kind !== 'fast-weights');
    dispose();
  });

  it('hands the settings of the config to the model', () => {
    const count = (kind: string, ...settings: string[]): number => {
      const { agent, dispose } = prepareAgent(small(kind, ...settings));
      const numbers = countWeights(agent.weights);
      dispose();
      return numbers;
    };
    const heads = 26 * 7 + (6 + 1) * 4;
    expect(count('rnn')).toBe(heads + 7 * 6 + 36 + 6);
    expect(count('lstm')).toBe(heads + 4 * (7 + 6 + 1) * 6);
    expect(count('fast-weights')).toBe(heads + 7 * 6 + 36 + 12);
    expect(count('fast-weights', 'layerNorm=')).toBe(heads + 7 * 6 + 36);
    expect(count('ln-rnn')).toBe(heads + 7 * 6 + 36 + 12);
  });

  it('starts the paper’s ReLU RNN from a scaled identity', () => {
    const { agent, dispose } = prepareAgent(small('rnn', 'recurrentScale=0.25'));
    const weights = new Map(walkWeights(agent.weights));
    const kernel = weights.get('cell/recurrentKernel') ?? weights.get('cell.recurrentKernel');
    const rows = kernel?.arraySync() as number[][];
    expect(rows.map((row, i) => row[i])).toEqual(Array(6).fill(0.25));
    expect(rows.flat().reduce((sum, value) => sum + value, 0)).toBe(1.5);
    dispose();
  });

  it('traces what was remembered of what was lived', () => {
    const { agent, environment, dispose } = prepareAgent(small('fast-weights'));
    const screens = environment.reset().observations;
    const lived: Tensor3D = tensor3d([...screens, ...screens], [3, 2, 25]);
    const before = memory().numTensors;
    const trace = agent.trace?.(lived);
    expect(trace?.attention.shape).toEqual([3, 2, 1, 2]);
    expect(memory().numTensors - before).toBe(Object.keys(trace ?? {}).length);
    dispose();
  });

  it('gives all workers the same weights, and each its own worlds and actions', async () => {
    const config = small('lstm');
    expect(await weightsOf(config, 1)).toEqual(await weightsOf(config, 0));
    const [first, second] = [0, 1].map((index) => prepareAgent(config, { index, of: 2 }));
    expect(first?.options.seed).not.toBe(second?.options.seed);
    const balls = [first, second].map((one) =>
      Array.from({ length: 20 }, (_, i) => {
        one?.environment.reset(i + (one?.options.seed ?? 0));
        return one?.environment.world(0).ball;
      }),
    );
    expect(balls[0]).not.toEqual(balls[1]);
    expect(() => prepareAgent(config, { index: 2, of: 2 })).toThrow(/part\.index/);
    first?.dispose();
    second?.dispose();
  });

  it('tells the trainer what the config says', () => {
    const told = (...settings: string[]) => {
      const { options, dispose } = prepareAgent(small('rnn', ...settings));
      dispose();
      return options;
    };
    const options = told('discount=0.9', 'entropyBonus=0.02', 'valueWeight=0.25');
    expect(options).toMatchObject({
      ...{ discount: 0.9, entropyBonus: 0.02, valueWeight: 0.25 },
      ...{ maxFrames: 120, reportEvery: 24 },
    });
    expect(options).not.toHaveProperty('horizon');
    expect(options).not.toHaveProperty('annealing');
    expect(told('horizon=2').horizon).toBe(2);
    const { annealing } = told('annealing=cosine', 'stepSize=0.01', 'finalShare=0.1');
    expect(rateAt(annealing as never, 0)).toBeCloseTo(0.01, 12);
    expect(rateAt(annealing as never, 60)).toBeCloseTo(0.0055, 12);
    expect(rateAt(annealing as never, 120)).toBeCloseTo(0.001, 12);
  });

  it.each(['rmsprop', 'adam'])('moves the weights by %s', (optimizer) => {
    const {
      agent,
      optimizer: create,
      dispose,
    } = prepareAgent(
      small('rnn', `optimizer=${optimizer}`, 'stepSize=0.01', 'decay=0.9', 'epsilon=1e-8'),
    );
    const own = create();
    const [path, weight] = [...walkWeights(agent.weights)].find(
      ([path]) => path.startsWith('value') && path.endsWith('bias'),
    ) as never as [string, { dataSync(): Float32Array }];
    own.apply({ [path]: tensor1d([2]) });
    // The first step: Adam's is the step size; RMSProp divides by the root of a tenth of the square.
    const expected = optimizer === 'adam' ? 0.01 : 0.01 / Math.sqrt(0.1);
    expect(-(weight.dataSync()[0] as number)).toBeCloseTo(expected, 5);
    own.dispose();
    dispose();
  });

  it.each(modelNames('catch'))('lets %s learn to the same bits again', async (kind) => {
    const config = small(kind);
    const once = await trained(config);
    expect(once.result).toMatchObject({ frames: 120, episodes: 30, stopped: 'frames' });
    expect(once.reports.map(({ frames }) => frames)).toEqual([24, 48, 72, 96, 120]);
    expect(await trained(config)).toEqual(once);
    expect((await trained(applySettings(config, ['seed=2']))).weights).not.toEqual(once.weights);
  });

  it('leaves nothing behind', () => {
    const before = memory().numTensors;
    for (const kind of modelNames('catch')) {
      const { optimizer, dispose } = prepareAgent(small(kind));
      optimizer().dispose();
      dispose();
    }
    expect(memory().numTensors).toBe(before);
  });
});

describe('an exported agent', () => {
  it('comes back as it was, and acts as it did', async () => {
    const config = small('fast-weights', 'seed=4');
    const { agent, environment, dispose } = prepareAgent(config);
    const weights = await saveWeights(agent.weights);
    const bytes = exportModel({ config, weights, software: 'fastweights 1.2.3' });
    expect(importAgent(bytes)).toEqual({ config, weights, software: 'fastweights 1.2.3' });
    expect(readSafetensors(bytes).metadata).toMatchObject({ task: 'catch', model: 'fast-weights' });
    const other = exportModel({ config: { ...config, seed: 5 }, weights });
    const restored = restoreAgent(importAgent(other));
    expect(await saveWeights(restored.agent.weights)).toEqual(weights);
    const screens = tensor3d([...environment.reset().observations], [3, 1, 25]);
    expect(restored.agent.unroll(screens).logits.dataSync()).toEqual(
      agent.unroll(screens).logits.dataSync(),
    );
    restored.dispose();
    dispose();
  });

  it('is no model that can be tested, and such a model is no agent', async () => {
    const agent = exportModel({ config: small('lstm'), weights: await weightsOf(small('lstm')) });
    const config = parseConfig({ model: { units: 4 } });
    const { model, dispose } = prepareExperiment(config);
    const retrieval = exportModel({ config, weights: await saveWeights(model.weights) });
    dispose();
    const refused = (work: () => unknown): ModelFileError => {
      try {
        work();
      } catch (error) {
        return error as ModelFileError;
      }
      throw new Error('nothing was refused');
    };
    const notTested = refused(() => importModel(agent));
    expect(notTested).toBeInstanceOf(ModelFileError);
    expect(notTested.problem).toBe('other-task');
    expect(notTested.message).toMatch(/plays catch: .*`fastweights watch`/);
    const cannotPlay = refused(() => importAgent(retrieval));
    expect(cannotPlay.problem).toBe('other-task');
    expect(cannotPlay.message).toMatch(/model of retrieval.*`fastweights evaluate`/);
    expect(importModel(retrieval).config).toEqual(config);
  });

  it('is refused where its weights are another model’s, which is named', async () => {
    const before = memory().numTensors;
    const weights = await weightsOf(small('lstm'));
    const restore = () => restoreAgent({ config: small('fast-weights'), weights });
    expect(restore).toThrow(ModelFileError);
    expect(restore).toThrow(
      /not those of the model, fast-weights with 6 units\..* They fit lstm\.$/,
    );
    const broken = await weightsOf(small('rnn'));
    const { agent, dispose } = prepareAgent(small('rnn'));
    loadWeights(agent.weights, broken);
    dispose();
    new Float32Array(broken.buffer, broken.byteLength - 4, 1)[0] = Number.NaN;
    const spoilt = () => restoreAgent({ config: small('rnn'), weights: broken });
    expect(spoilt).toThrow(/holds NaN: whatever the model answered would be wrong/);
    expect(memory().numTensors).toBe(before);
  });
});
