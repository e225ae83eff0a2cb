import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runCli, runShell, startCli } from './run-cli.ts';
import { whatIsLeft } from './what-is-left.ts';

const TIMEOUT = 180_000;
const SMALL = ['sizes.training=500', 'sizes.validation=200', 'sizes.test=300', 'batchSize=32'];
// A race for the fastest backend has no fixed winner.
const TINY = ['--backend', 'wasm', '--units', '8', '--updates', '5', '--set', ...SMALL];
const LONG = ['--units', '8', '--updates', '400', '--target', '0', '--backend', 'wasm'];
const SETTINGS = ['--set', ...SMALL, 'validateEvery=20'];

let folder = '';
let run = '';
let trained: Ended;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-train-'));
  run = path.join(folder, 'run');
  trained = await runCli(['train', 'retrieval', '--out', run, ...TINY]);
}, TIMEOUT);

afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

async function filesIn(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile()) {
      files[entry.name] = await readFile(path.join(directory, entry.name), 'base64');
    }
  }
  return files;
}

describe('train', { timeout: TIMEOUT }, () => {
  it('prints plain lines in a pipe, and keeps the run', async () => {
    expect(trained).toMatchObject({ code: 3, stderr: '' });
    expect(trained.stdout).toBe(stripVTControlCharacters(trained.stdout).replaceAll('\r', ''));
    const lines = trained.stdout.split('\n');
    expect(lines[0]).toBe('Learning to remember: c9k8j3f1??c → 9, the digit that came with the c.');
    expect(lines[1]).toMatch(
      /^8 fast-weights units, [\d,]+ weights to learn, backend wasm, seed 1\.$/,
    );
    expect(lines[5]).toMatch(/^ +5 +2\.\d{3} +\d\d\.\d\d % +\d\d\.\d\d % +\d+\.\d +\d+ s$/);
    expect(lines[5]?.length).toBe(lines[4]?.length);
    expect(trained.stdout).toMatch(/^Not learnt after 5 updates in \d+ s: best validation error /m);
    expect(trained.stdout).toMatch(/^Test error \d\d\.\d\d %: \d+ wrong of 300 strings/m);
    expect(trained.stdout).toMatch(/^ {2}c9k8j3f1\?\?c → (9 ✓|[0-8] ✗) {2}\d+\.\d % sure/m);
    expect(trained.stdout).toContain(`Saved in ${run}.`);
    expect(trained.stdout).toContain(`fastweights recall "j0a5s5z2??a" --run ${run}`);
    expect(Object.keys(await filesIn(run))).toContain('weights.safetensors');
    expect(Object.keys(await filesIn(run))).not.toContain('.lock');
  });

  it('does nothing to a run that is finished, and trains it anew beside it if asked', async () => {
    const before = await filesIn(run);
    const again = await runCli(['train', 'retrieval', '--out', run, ...TINY]);
    expect(again).toMatchObject({ code: 3, stderr: '' });
    expect(again.stdout).toContain('It was trained before, and nothing was done now.');
    expect(await filesIn(run)).toEqual(before);
    const anew = await runCli(['train', 'retrieval', '--again', '--out', run, ...TINY]);
    expect(anew.stdout).toContain(`Saved in ${run}-2.`);
    expect(await filesIn(run)).toEqual(before);
    expect(await whatIsLeft(`${run}-2`)).toEqual(await whatIsLeft(run));
  });

  it('gives each config a place of its own, and recall asks the last one', async () => {
    const here = path.join(folder, 'here');
    await mkdir(here);
    const easy = `--target 100 --units 8 --updates 5 --set ${SMALL.join(' ')}`;
    const both = await runShell(
      `cd '${here}' && $CLI train retrieval ${easy} && $CLI train retrieval --json --model lstm ${easy}`,
    );
    expect(both).toMatchObject({ code: 0, stderr: '' });
    expect(both.stdout).toContain('Learnt after 5 updates');
    const names = await readdir(path.join(here, 'runs'));
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^retrieval-[0-9a-f]{8}$/);
    const events = both.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Json);
    expect(events.map(({ event }) => event)).toEqual([
      'started',
      'backend',
      'progress',
      'testing',
      'finished',
    ]);
    expect(events.at(-1)).toHaveProperty('result.testError');

    const asked = await runShell(
      `cd '${here}' && $CLI recall j0a5s5z2??a --json && $CLI runs list --json`,
    );
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    const [answer, ...listed] = asked.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    // The LSTM: it attends to nothing.
    expect(answer).not.toHaveProperty('attention');
    expect(listed.map(({ state }) => state)).toEqual(['finished', 'finished']);
  });

  it.each([
    ['other files', 'thesis.txt', 'years of work', /is no run directory: it holds other files/],
    [
      'a run of an earlier version',
      'config.json',
      '{"software":"fastweights 0.0.0","experiment":"retrieval","config":{"units":50}}',
      /is no run directory: it has a config\.json that is torn, or of another form/,
    ],
  ])('refuses a directory with %s, and leaves it', async (_, name, text, message) => {
    const out = path.join(folder, `foreign-${name}`);
    await mkdir(out);
    await writeFile(path.join(out, name), text);
    const refused = await runCli(['train', 'retrieval', '--out', out, ...TINY]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(message);
    expect(refused.stderr).toContain('Choose another directory');
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(path.join(out, name), 'utf8')).toBe(text);
  });

  it('refuses a directory with a run of another config, and leaves it', async () => {
    const before = await filesIn(run);
    const refused = await runCli(['train', 'retrieval', '--out', run, ...TINY, '--seed', '2']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/holds a run of another config .* nothing was changed\.$/m);
    expect(await filesIn(run)).toEqual(before);
  });

  it('stopped and killed, goes on to the bits of an undisturbed run', {
    timeout: 600_000,
  }, async () => {
    const [whole, broken] = [path.join(folder, 'whole'), path.join(folder, 'broken')];
    const argsOf = (out: string): string[] => [
      ...['train', 'retrieval', '--out', out, '--json', ...LONG, ...SETTINGS],
    ];
    const undisturbed = runCli(argsOf(whole));
    const stopped = startCli(argsOf(broken));
    await stopped.printed('"update":50,');
    // It stands still while others knock.
    stopped.child.kill('SIGSTOP');
    const second = await runCli(argsOf(broken));
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`Process ${stopped.child.pid} has the run ${broken} open.`);
    stopped.child.kill('SIGINT');
    stopped.child.kill('SIGCONT');
    const left = await stopped.ended;
    expect(left).toMatchObject({ code: 130, stderr: '' });
    expect(left.stdout).toMatch(/"event":"interrupted",.*"update":\d+/);

    const asked = await runCli(['recall', 'j0a5s5z2??a', '--run', broken]);
    expect(asked.code).toBe(0);
    expect(asked.stderr).toBe(`note: ${broken} is not finished; its best weights so far answer.\n`);
    const early = await runCli(['evaluate', broken]);
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain(`fastweights evaluate ${broken} --checkpoint`);

    const killed = startCli(argsOf(broken));
    await killed.printed('"event":"progress"');
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    const last = await runCli(argsOf(broken));
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(last.stdout).toMatch(/^\{"event":"resumed",.*"update":\d\d+/);
    expect(await undisturbed).toMatchObject({ code: 0, stderr: '' });
    expect(await whatIsLeft(broken)).toEqual(await whatIsLeft(whole));
  });

  it('says after SIGTERM how to go on', async () => {
    const out = path.join(folder, 'terminated');
    const args = ['train', 'retrieval', '--out', out, ...LONG, ...SETTINGS];
    const training = startCli(args);
    await training.printed('elapsed');
    training.child.kill('SIGTERM');
    const { code, stdout, stderr } = await training.ended;
    expect({ code, stderr }).toEqual({ code: 143, stderr: '' });
    expect(stdout).toMatch(/^Stopped after [\d,]+ updates?[.:]/m);
    expect(stdout).toContain(
      `fastweights train retrieval --units 8 --updates 400 --target 0 --backend wasm --out ${out} --set ${SMALL.join(' ')} validateEvery=20`,
    );
  });

  it('keeps what it has trained without an output too, and fails', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no full device here');
    const out = path.join(folder, 'full');
    const line = `$CLI train retrieval --target 100 --out '${out}' ${TINY.join(' ')} > /dev/full`;
    const { code, stderr } = await runShell(line);
    expect(stderr).toBe('error: nothing more on stdout: ENOSPC: no space left on device, write\n');
    expect(code).toBe(1);
    expect(await readdir(out)).toContain('result.json');
  });

  it('can go on after nobody has read what it prints', async () => {
    const out = path.join(folder, 'unread');
    const line = `{ $CLI train retrieval --out '${out}' ${TINY.join(' ')}; echo "exit code $?" >&2; } | head -1`;
    expect((await runShell(line)).stderr).toBe('exit code 141\n');
    const again = await runCli(['train', 'retrieval', '--out', out, ...TINY]);
    expect(again).toMatchObject({ code: 3, stderr: '' });
  });
});
