import { taskNames } from '@fastweights/experiments';
import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../src/program.ts';
import { trainedConfig } from '../src/training/train-options.ts';
import { taskHelp } from '../src/training/train-program.ts';
import { UsageError } from '../src/usage-error.ts';

afterEach(() => vi.restoreAllMocks());

/** What is printed on stderr for a command line that is refused. */
async function refusalOf(...args: string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  const parsed = createProgram().parseAsync(args, { from: 'user' });
  await expect(parsed).rejects.toThrow(CommanderError);
  return printed;
}

describe('the command line', () => {
  it.each([
    [['trian'], /^error: unknown command 'trian'\n\(Did you mean train\?\)/],
    [
      ['train', 'retreival'],
      /^error: unknown experiment 'retreival'\n\(Did you mean retrieval\?\)/,
    ],
    [['train'], /^Usage: fastweights train <experiment>/],
    [
      ['train', 'retrieval', '--unit', '3'],
      /^error: unknown option '--unit'\n\(Did you mean --units\?\)/,
    ],
    [
      ['train', 'retrieval', '--units', 'x'],
      /'x' is invalid\. It must be a whole number from 1 to 4096\./,
    ],
    [
      ['train', 'retrieval', '--units', '0'],
      /'0' is invalid\. It must be a whole number from 1 to 4096\./,
    ],
    [
      ['train', 'retrieval', '--units', '4097'],
      /'4097' is invalid\. It must be a whole number from 1 to 4096\./,
    ],
    [
      ['train', 'retrieval', '--target', '.'],
      /'\.' is invalid\. It must be a number from 0 to 100\./,
    ],
    [['tr\x1b[2Jian'], /^error: unknown command 'tr�\[2Jian'/],
    [
      ['train', 'retrieval', '--updates', '1.5'],
      /'1.5' is invalid\. It must be a whole number of at least 1\./,
    ],
    [
      ['train', 'retrieval', '--target', '101'],
      /'101' is invalid\. It must be a number from 0 to 100\./,
    ],
    [
      ['train', 'retrieval', '--backend', 'gpu'],
      /'gpu' is invalid\. Allowed choices are tensorflow, webgpu, wasm, cpu\./,
    ],
    [['train', 'retrieval', 'now'], /^error: too many arguments for 'retrieval'/],
    [['data'], /^Usage: fastweights data <name>/],
    [['data', 'retrieval', '--glimpses', 'x'], /^error: unknown option '--glimpses'/],
    [
      ['data', 'retrieval', '--pairs', '27'],
      /'27' is invalid\. It must be a whole number from 1 to 26\./,
    ],
    [['data', 'multi-pie'], /^error: required option '--root <folder>' not specified/],
    [
      ['data', 'fer-2013', '--file', 'x', '--classes', 'eight'],
      /'eight' is invalid\. Allowed choices are six, seven\./,
    ],
    [['evaluate'], /^error: missing required argument 'run'/],
    [['evaluate', 'x', '--data', 'training'], /Allowed choices are test, validation\./],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish\./],
    [['exprot', 'x'], /^error: unknown command 'exprot'\n\(Did you mean export\?\)/],
    [['recall', '--jsno'], /^error: unknown option '--jsno'\n\(Did you mean --json\?\)/],
  ])('refuses %j', async (args, message) => {
    expect(await refusalOf(...args)).toMatch(message);
  });

  it.each([
    ['.5', 0.5],
    ['5.', 5],
    ['0', 0],
  ])('takes a target of %s', async (text, target) => {
    const program = createProgram();
    const train = program.commands.find((command) => command.name() === 'train');
    const retrieval = train?.commands.find((command) => command.name() === 'retrieval');
    retrieval?.action(() => {});
    await program.parseAsync(['train', 'retrieval', '--target', text], { from: 'user' });
    expect(retrieval?.opts()['target']).toBe(target);
  });

  it('tells the defaults of the configs', () => {
    expect(taskHelp.map(({ name }) => name)).toEqual(taskNames);
    for (const { name, defaults } of taskHelp) {
      const { model, training } = trainedConfig(name, { workers: 1 });
      expect(model.kind).toBe('fast-weights');
      expect(defaults).toEqual({
        units: model.units,
        updates: training.maxUpdates,
        target: 100 * training.targetError,
      });
    }
  });
});

describe('the config that is trained', () => {
  it('is that of the first look at retrieval', () => {
    expect(trainedConfig('retrieval', { workers: 1 })).toMatchObject({
      data: { pairs: 4 },
      model: { units: 50, decayRate: 0.9, learningRate: 0.5, innerSteps: 1, embeddingScale: 0.3 },
      training: {
        ...{ batchSize: 128, maxUpdates: 4000, validateEvery: 100, targetError: 0.01 },
        ...{ stepSize: 0.001, schedule: 'constant', clipNorm: 0, patience: 0 },
      },
      seed: 1,
    });
  });

  it('has what the command line says', () => {
    const options = { workers: 1, model: 'lstm', units: 20, seed: 3, updates: 7, target: 2.5 };
    const config = trainedConfig('retrieval', { ...options, set: ['units=20', 'pairs=2'] });
    expect(config).toMatchObject({
      data: { pairs: 2 },
      model: { kind: 'lstm', units: 20 },
      training: { maxUpdates: 7, targetError: 0.025 },
      seed: 3,
    });
  });

  it.each([
    [{ model: 'lstmm' }, /model\.kind .* Did you mean lstm\?/],
    [{ set: ['stepsiz=1'] }, /Did you mean stepSize\?/],
    [{ set: ['stepSize'] }, /like units=100/],
    [{ units: 20, set: ['units=30'] }, /^--units and --set say two things/],
    [{ target: 2.5, set: ['targetError=0.02'] }, /^--target and --set say two things/],
  ])('refuses %j', (options, message) => {
    const work = (): unknown => trainedConfig('retrieval', { workers: 1, ...options });
    expect(work).toThrow(UsageError);
    expect(work).toThrow(message);
  });
});
