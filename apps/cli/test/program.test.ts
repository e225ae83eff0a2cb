import { retrievalConfig } from '@fastweights/experiments';
import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../src/program.ts';

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
      /'x' is invalid\. It must be a whole number from 1 to 2048\./,
    ],
    [
      ['train', 'retrieval', '--units', '0'],
      /'0' is invalid\. It must be a whole number from 1 to 2048\./,
    ],
    [
      ['train', 'retrieval', '--units', '2049'],
      /'2049' is invalid\. It must be a whole number from 1 to 2048\./,
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

  it('has the defaults of the experiment', () => {
    const train = createProgram().commands.find((command) => command.name() === 'train');
    const retrieval = train?.commands.find((command) => command.name() === 'retrieval');
    const { units, seed, maxUpdates, targetError } = retrievalConfig;
    expect(retrieval?.opts()).toEqual({
      units,
      seed,
      updates: maxUpdates,
      target: 100 * targetError,
      out: 'runs/retrieval',
    });
  });
});
