import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runCli, runShell, startCli } from './run-cli.ts';

const TINY = ['--updates', '5', '--units', '8'];
const TIMEOUT = 60_000;

let folder = '';
let run = '';
let trained: Ended;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-cli-'));
  run = path.join(folder, 'run');
  trained = await runCli(['train', 'retrieval', ...TINY, '--out', run]);
}, TIMEOUT);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The bytes of every file, by name. */
async function filesIn(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(directory)).sort()) {
    files[name] = await readFile(path.join(directory, name), 'base64');
  }
  return files;
}

describe('train retrieval', { timeout: TIMEOUT }, () => {
  it('prints plain lines in a pipe, and saves the run', async () => {
    expect(trained.stderr).toBe('');
    expect(trained.stdout).toBe(stripVTControlCharacters(trained.stdout).replaceAll('\r', ''));
    const lines = trained.stdout.split('\n');
    expect(lines[0]).toBe('Learning to remember: c9k8j3f1??c → 9, the digit that came with the c.');
    expect(lines[1]).toMatch(
      /^8 fast-weights units, [\d,]+ weights to learn, backend wasm, seed 1\.$/,
    );
    expect(lines[5]).toMatch(/^ +5 +2\.\d{3} +\d\d\.\d\d % +\d\d\.\d\d % +\d+\.\d +\d+ s$/);
    expect(lines[5]?.length).toBe(lines[4]?.length);
    expect(trained.stdout).toMatch(/^Not learnt after 5 updates in \d+ s: best validation error /m);
    expect(trained.stdout).toMatch(/^Test error \d\d\.\d\d %: [\d,]+ wrong of 20,000 strings/m);
    expect(trained.stdout).toMatch(/^ {2}c9k8j3f1\?\?c → (9 ✓|[0-8] ✗) {2}\d+\.\d % sure/m);
    expect(trained.stdout).toContain(`Saved in ${run}.`);
    expect(trained.stdout).toContain(`fastweights recall "j0a5s5z2??a" --run ${run}`);
    expect(Object.keys(await filesIn(run))).toEqual([
      'config.json',
      'result.json',
      'weights.safetensors',
    ]);
  });

  it('answers 3 when the target is missed, and 0 when it is reached', async () => {
    expect(trained.code).toBe(3);
    const out = path.join(folder, 'easy');
    const easy = await runCli(['train', 'retrieval', ...TINY, '--target', '100', '--out', out]);
    expect(easy.stdout).toContain('Learnt after 5 updates');
    expect(easy.code).toBe(0);
  });

  it('refuses a directory with other files before it trains', async () => {
    const out = path.join(folder, 'foreign');
    await mkdir(out);
    await writeFile(path.join(out, 'thesis.txt'), 'years of work');
    const refused = await runCli(['train', 'retrieval', '--out', out]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      `error: ${out} is no run, but holds other files (thesis.txt). Choose another directory with --out.\n`,
    );
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  it('saves what it has on Ctrl-C, beside a run that is already there', async () => {
    const before = await filesIn(run);
    const training = startCli(['train', 'retrieval', '--units', '8', '--out', run]);
    await training.printed('elapsed');
    training.child.kill('SIGINT');
    const { code, stdout, stderr } = await training.ended;
    expect(stderr).toBe('');
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Stopped after [\d,]+ updates? in /m);
    expect(stdout).toContain(`Saved in ${run}-interrupted. The run in ${run} is as it was.`);
    expect(stdout).toContain(`fastweights train retrieval --units 8 --out ${run}`);
    expect(await filesIn(run)).toEqual(before);

    const recalled = await runCli(['recall', 'j0a5s5z2??a', '--run', `${run}-interrupted`]);
    expect(recalled).toMatchObject({ code: 0, stderr: '' });
  });

  it('lets nobody else save where it will', async () => {
    const out = path.join(folder, 'locked');
    const training = startCli(['train', 'retrieval', '--units', '8', '--out', out]);
    await training.printed('elapsed');
    const second = await runCli(['train', 'retrieval', ...TINY, '--out', out]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toBe(
      `error: Another training (process ${training.child.pid}) saves into ${out}; wait for it, or choose another place with --out.\n`,
    );
    training.child.kill('SIGINT');
    expect(await training.ended).toMatchObject({ code: 130, stderr: '' });
    expect(await readdir(out)).toHaveLength(3);
  });

  it('saves without an output too, and fails', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no full device here');
    const out = path.join(folder, 'full');
    const line = `$CLI train retrieval ${TINY.join(' ')} --target 100 --out '${out}' > /dev/full`;
    const { code, stderr } = await runShell(line);
    expect(stderr).toBe('error: nothing more on stdout: ENOSPC: no space left on device, write\n');
    expect(code).toBe(1);
    expect(await readdir(out)).toHaveLength(3);
    const silent = await runShell(`$CLI recall 'j0a5??a' --run '${out}' > /dev/full 2>&1`);
    expect(silent.code).toBe(1);
  });

  it('leaves no empty directory when nobody reads', async () => {
    const out = path.join(folder, 'unread/run');
    const line = `{ $CLI train retrieval --units 8 --out '${out}'; echo "exit code $?" >&2; } | head -1`;
    const { stderr } = await runShell(line);
    expect(stderr).toBe('exit code 141\n');
    expect(await readdir(folder)).not.toContain('unread');
  });

  it('saves where it was asked to on SIGTERM, when nothing is there', async () => {
    const out = path.join(folder, 'terminated');
    const training = startCli(['train', 'retrieval', '--units', '8', '--out', out]);
    await training.printed('elapsed');
    training.child.kill('SIGTERM');
    expect(await training.ended).toMatchObject({ code: 143, stderr: '' });
    expect(Object.keys(await filesIn(out))).toContain('weights.safetensors');
  });

  it('leaves the old run as it was when it is killed', async () => {
    const before = await filesIn(run);
    const training = startCli(['train', 'retrieval', '--units', '8', '--out', run]);
    await training.printed('elapsed');
    training.child.kill('SIGKILL');
    expect(await training.ended).toMatchObject({ signal: 'SIGKILL' });
    const { '.fastweights-lock': lock, ...after } = await filesIn(run);
    expect(lock).toBeDefined();
    expect(after).toEqual(before);
  });
});

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
      `error: There is no run in ${missing}. Train one first:\n  fastweights train retrieval --out ${missing}\n`,
    );
  });

  it('says what is wrong with weights of another model', async () => {
    const other = path.join(folder, 'other');
    await mkdir(other);
    const config = await readFile(path.join(run, 'config.json'), 'utf8');
    await writeFile(path.join(other, 'config.json'), config.replace('"units": 8', '"units": 9'));
    const weights = await readFile(path.join(run, 'weights.safetensors'));
    await writeFile(path.join(other, 'weights.safetensors'), weights);
    const { code, stderr } = await runCli(['recall', 'j0a5??a', '--run', other]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: The weights in .* cannot be used\. The weight cell\.kernel must be \[100, 9\], but the file has \[100, 8\]\.\n$/,
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

  it('helps without importing tfjs', async () => {
    const resolve = `export const resolve = (name, context, next) => {
      if (name.startsWith('@tensorflow/')) throw new Error('tfjs is imported');
      return next(name, context);
    };`;
    const hook = `data:text/javascript,${encodeURIComponent(resolve)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(hook)});`;
    const guard = ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
    const recall = await startCli(['recall', 'j0a5??a'], guard).ended;
    expect(recall.stderr).toContain('tfjs is imported');
    const help = await startCli(['--help'], guard).ended;
    expect(help).toMatchObject({ code: 0, stderr: '' });
  });
});
