import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeSafetensors } from '@fastweights/core';
import { exportModel, parseConfig } from '@fastweights/experiments';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, runCli, runShell, startCli, startScript } from './run-cli.ts';

const TIMEOUT = 120_000;

let folder = '';
let run = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-cli-'));
  run = path.join(folder, 'run');
  const tiny = [
    '--updates',
    '5',
    '--units',
    '8',
    '--set',
    'sizes.validation=200',
    'sizes.test=200',
  ];
  const { stderr } = await runCli(['train', 'retrieval', '--out', run, ...tiny]);
  expect(stderr).toBe('');
}, TIMEOUT);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('recall', { timeout: TIMEOUT }, () => {
  it('answers every string, with its attention beneath', async () => {
    const { code, stdout, stderr } = await runCli(['recall', 'j0a5s5z2??a', 'b7??b', '--run', run]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^j0a5s5z2\?\?a → (5 ✓|[0-46-9] ✗) {2}\d+\.\d % sure/);
    expect(lines[1]).toMatch(
      /^[ ▁▂▃▄▅▆▇█]{11} {2}(\d+ % of its attention on a5|nothing in its memory .*)$/,
    );
    expect(lines[2]).toMatch(/^b7\?\?b → \d .*\(1 pair; it was trained on 4\)$/);
    expect(lines).toHaveLength(5);
  });

  it('answers machines with an object per line', async () => {
    const input = 'j0a5s5z2??a\r\n\nnonsense\n';
    const { code, stdout } = await runCli(['recall', '--json', '--run', run], input);
    const [answer, wrong] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answer).toMatchObject({ text: 'j0a5s5z2??a', expected: 5 });
    expect(answer.probabilities[answer.answer]).toBe(answer.probability);
    expect(answer.attention).toHaveLength(11);
    expect(wrong.text).toBe('nonsense');
    expect(wrong).toMatchObject({
      error: 'expected a digit at position 2, but found "o"',
      position: 1,
      expected: 'a digit',
      found: '"o"',
    });
    expect(code).toBe(2);
  });

  it('points at what is wrong in a string, and answers the others', async () => {
    const { code, stdout, stderr } = await runCli(['recall', 'j0a5??z', 'j0a5??a', '--run', run]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: Expected one of the letters j, a at position 7 .*\n {2}j0a5\?\?z\n {8}\^\n$/,
    );
    expect(stdout).toMatch(/^j0a5\?\?a → \d/);
  });

  it('says how to train when there is no run', async () => {
    const missing = path.join(folder, 'nowhere');
    const { code, stderr, stdout } = await runCli(['recall', 'j0a5??a', '--run', missing]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `error: There is no run in ${missing}. What there is:\n  fastweights runs list\n`,
    );
  });

  it('refuses a run of another task, and says what to do with it', async () => {
    const images = path.join(folder, 'images.safetensors');
    const config = parseConfig({ task: 'mnist', model: { kind: 'patch-net', units: 2 } });
    await writeFile(images, exportModel({ config, weights: writeSafetensors(new Map()) }));
    const { code, stderr } = await runCli(['recall', 'j0a5??a', '--run', images]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: ${images} is a run of mnist, and only those of retrieval answer strings. Test it instead:\n  fastweights evaluate ${images}\n`,
    );
  });

  it('says what is wrong with weights of another model', async () => {
    const file = path.join(folder, 'other.safetensors');
    const config = parseConfig({ model: { units: 9 } });
    const weights = await readFile(path.join(run, 'weights.safetensors'));
    await writeFile(file, exportModel({ config, weights: new Uint8Array(weights) }));
    const { code, stderr } = await runCli(['recall', 'j0a5??a', '--run', file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: .* cannot be used\. The weights are not those of the model, fast-weights with 9 units\. The weight cell\.kernel must be \[100, 9\], but the file has \[100, 8\]\.\n$/,
    );
  });

  it('asks for a string when it gets none', async () => {
    const { code, stderr } = await runCli(['recall', '--run', run]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: no string to recall. For example:\n  fastweights recall "j0a5s5z2??a"\n',
    );
  });

  it('ends in silence when nobody reads on', async () => {
    const line = `{ $CLI recall --run '${run}'; echo "exit code $?" >&2; } | head -1`;
    const { stdout, stderr } = await runShell(line, 'j0a5s5z2??a\n'.repeat(3000));
    expect(stdout).toMatch(/^j0a5s5z2\?\?a → \d.*\n$/);
    expect(stderr).toBe('exit code 141\n');
  });
});

describe('the command line', { timeout: TIMEOUT }, () => {
  it('answers 2 to a command line that it does not understand', async () => {
    const { code, stdout, stderr } = await runCli(['train', 'retreival']);
    expect(stderr).toMatch(/^error: unknown experiment 'retreival'\n\(Did you mean retrieval\?\)/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('prints its help when it is asked nothing', async () => {
    const { code, stdout } = await runCli([]);
    expect(stdout).toMatch(/^Usage: fastweights /);
    expect(code).toBe(0);
  });

  it('helps in little more time than an empty program takes', async () => {
    // The time of the processor: others may keep it busy.
    const tell = `process.on('exit', () => console.error(process.cpuUsage().user))`;
    const clock = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`];
    const least = async (start: () => Running): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 3; i++) times.push(Number((await start().ended).stderr));
      return Math.min(...times);
    };
    const empty = await least(() => startScript('', clock));
    const help = await least(() => startCli(['--help'], clock));
    expect(empty).toBeGreaterThan(0);
    expect(help / empty).toBeLessThan(3);
  });

  it('helps without importing tfjs or experiments', async () => {
    const resolve = `export const resolve = (name, context, next) => {
      if (name.startsWith('@tensorflow/')) throw new Error('tfjs is imported');
      if (name.startsWith('@fastweights/experiments')) throw new Error('zod is imported');
      return next(name, context);
    };`;
    const hook = `data:text/javascript,${encodeURIComponent(resolve)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(hook)});`;
    const guard = ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
    const recall = await startCli(['recall', 'j0a5??a'], guard).ended;
    expect(recall.stderr).toMatch(/tfjs is imported|zod is imported/);
    const help = await startCli(['--help'], guard).ended;
    expect(help).toMatchObject({ code: 0, stderr: '' });
  });
});
