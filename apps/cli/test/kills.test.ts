import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, truncate, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { integer, random, splitSeed, uniform } from '@fastweights/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runCli, startCli } from './run-cli.ts';
import { whatIsLeft } from './what-is-left.ts';

/** Some forty starts of the program, which a busy machine takes its time for. */
const TIMEOUT = 1_800_000;
const KILLS = 20;
/** Each draws the moments of all kills. */
const SEED = 5;

/** Reports come every second update and checkpoints every fifteenth: about as much writing as training. */
const CHECKPOINTS = 15;
const SETTINGS = [
  ...['sizes.training=500', 'sizes.validation=200', 'sizes.test=300', 'batchSize=32'],
  `validateEvery=${CHECKPOINTS}`,
];

interface Plan {
  readonly updates: number;
  readonly workers: number;
  readonly stepSize?: number;
}

const argsOf = (out: string, { updates, workers, stepSize = 0.001 }: Plan): string[] => [
  ...['reproduce', 'table1', '--models', 'fast-weights', '--units', '20', '--seeds', '1'],
  ...['--budget', 'quick', '--out', out, '--json'],
  ...['--backend', 'wasm', '--workers', `${workers}`],
  ...['--set', ...SETTINGS, `maxUpdates=${updates}`, `stepSize=${stepSize}`],
];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-kills-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

const eventsOf = ({ stdout }: Pick<Ended, 'stdout'>, name: string): Json[] =>
  stdout
    .split('\n')
    // A kill may leave half a line.
    .filter((line) => line.endsWith('}') && line.includes(`"event":"${name}"`))
    .map((line) => JSON.parse(line) as Json);

const lastUpdate = (ended: Ended): number =>
  Number(eventsOf(ended, 'progress').at(-1)?.['update'] ?? 0);

/** The only run of Table 1. */
async function runIn(out: string): Promise<string> {
  const entries = await readdir(path.join(out, 'table1'), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(names).toHaveLength(1);
  return path.join(out, 'table1', names[0] ?? '');
}

/** What a run leaves, without the clock. */
const remains = async (out: string): Promise<object> => whatIsLeft(await runIn(out));

/** When a process is killed. */
interface Moment {
  /** After it has reported so often. */
  readonly reports: number;
  /** And has then begun to write a checkpoint, or to remove one. */
  readonly isSaving: boolean;
  readonly milliseconds: number;
}

function momentsOf(seed: number): Moment[] {
  const draw = random(seed);
  return Array.from({ length: KILLS }, (_, i) => {
    const isSaving = i % 2 === 1;
    const milliseconds = uniform(draw, 0, isSaving ? 5 : 20);
    return { reports: integer(draw, 40) + 1, isSaving, milliseconds };
  });
}

/** Runs the command until this moment, and kills it. */
async function killAt(out: string, args: readonly string[], moment: Moment): Promise<Ended> {
  const { child, ended } = startCli(args);
  let seen = 0;
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => {
      seen += text.split('"event":"progress"').length - 1;
      if (seen >= moment.reports) resolve();
    });
    ended.then(() => resolve(), resolve);
  });
  if (moment.isSaving) await Promise.race([saving(out), ended]);
  await new Promise((resolve) => setTimeout(resolve, moment.milliseconds));
  child.kill('SIGKILL');
  return ended;
}

const checkpointsIn = async (out: string): Promise<string> =>
  path.join(await runIn(out), 'checkpoints');

/** Resolves when a checkpoint is being written or removed; at once before there is any. */
async function saving(out: string): Promise<void> {
  const folder = await checkpointsIn(out);
  if (!existsSync(folder)) return;
  for await (const { filename } of watch(folder)) if (filename?.startsWith('.')) return;
}

/** Checkpoints that were being written or removed when their process was killed. */
async function torn(out: string): Promise<number> {
  const names = await readdir(await checkpointsIn(out)).catch(() => []);
  return names.filter((name) => name.startsWith('.')).length;
}

const describeMoment = ({ reports, isSaving, milliseconds }: Moment): string =>
  `${reports} reports${isSaving ? ', the next checkpoint' : ''} and ${milliseconds.toFixed(1)} ms`;

describe(`killed at ${KILLS} random moments`, { timeout: TIMEOUT, concurrent: true }, () => {
  it.each([1, 2])('with %i workers, a training leaves the same bits', async (workers) => {
    const plan = { updates: 2400, workers };
    const [whole, broken] = ['whole', 'broken'].map((name) =>
      path.join(folder, `${name}-${workers}`),
    ) as [string, string];
    const undisturbed = runCli(argsOf(whole, plan));

    const seed = splitSeed(SEED, `${workers} workers`);
    let story = `Kills drawn from seed ${seed}, after`;
    let halves = 0;
    for (const moment of momentsOf(seed)) {
      const ended = await killAt(broken, argsOf(broken, plan), moment);
      const left = await torn(broken);
      halves += left;
      story += `\n${describeMoment(moment)}: at update ${lastUpdate(ended)}, ${left} torn`;
      expect(ended, story).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
    }
    expect(halves, story).toBeGreaterThan(0);
    const last = await runCli(argsOf(broken, plan));
    expect(last, story).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(last, 'resumed'), story).toHaveLength(1);
    expect(await undisturbed).toMatchObject({ code: 0, stderr: '' });
    expect(await remains(broken), story).toEqual(await remains(whole));
  });
});

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 4, middle);
  await writeFile(file, bytes);
}

/** Checkpoints of a run, newest first. */
async function checkpoints(out: string): Promise<string[]> {
  const parent = await checkpointsIn(out);
  const names = await readdir(parent);
  return names
    .toSorted((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .map((name) => path.join(parent, name));
}

describe('a damaged checkpoint', { timeout: TIMEOUT }, () => {
  const plan = { updates: 90, workers: 1 };
  const [whole, killed, other] = ['undamaged', 'killed', 'other'];
  const at = (name = ''): string => path.join(folder, name);

  beforeAll(async () => {
    const kill = async (name: string, stepSize: number): Promise<void> => {
      const running = startCli(argsOf(at(name), { ...plan, stepSize }));
      await running.printed('"update":62,');
      running.child.kill('SIGKILL');
      await running.ended;
    };
    await Promise.all([
      runCli(argsOf(at(whole), plan)),
      kill('killed', 0.001),
      kill('other', 0.002),
    ]);
  }, TIMEOUT);

  const damages: readonly [string, (newest: string) => Promise<void>, RegExp][] = [
    [
      'cut short',
      (newest) => truncate(path.join(newest, 'weights.safetensors'), 1000),
      /weights\.safetensors has 1000 of \d+ bytes/,
    ],
    [
      'with a bit flipped',
      (newest) => flipBit(path.join(newest, 'optimizer.safetensors')),
      /optimizer\.safetensors does not fit its checksum/,
    ],
    [
      'with a file missing',
      (newest) => rm(path.join(newest, 'state.json')),
      /state\.json is missing/,
    ],
    [
      'of another run',
      async (newest) => {
        const [foreign = ''] = await checkpoints(at(other));
        await rm(newest, { recursive: true });
        await cp(foreign, newest, { recursive: true });
      },
      /it belongs to the config [0-9a-f]{12}, and this run has [0-9a-f]{12}/,
    ],
  ];

  it.each(damages)(
    '%s is refused with the reason; the one before goes on',
    async (name, damage, reason) => {
      const out = at(name);
      await cp(at(killed), out, { recursive: true });
      const [newest = '', before = ''] = await checkpoints(out);
      await damage(newest);
      const ended = await runCli(argsOf(out, plan));
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toMatch(/^note: .*not going on from .*\n$/);
      expect(ended.stderr).toContain(`not going on from ${newest}: `);
      expect(ended.stderr).toMatch(reason);
      const from = Number(/-update-(\d+)$/.exec(before)?.[1]);
      const [first] = eventsOf(ended, 'progress');
      expect(from).toBeGreaterThan(0);
      expect([from + 1, from + 2]).toContain(first?.['update']);
      expect(await remains(out)).toEqual(await remains(at(whole)));
    },
  );

  it('is no reason to begin again unasked, where there is no other', async () => {
    const out = at('hopeless');
    await cp(at(killed), out, { recursive: true });
    const all = await checkpoints(out);
    for (const checkpoint of all) await flipBit(path.join(checkpoint, 'weights.safetensors'));
    const files = async () => (await readdir(await runIn(out))).filter((name) => name !== '.lock');
    const before = await files();
    const ended = await runCli(argsOf(out, plan));
    expect(ended.code).toBe(1);
    const [failed] = eventsOf(ended, 'failed');
    expect(failed?.['error']).toMatch(
      /^No checkpoint of the run .* can be used \(.*; .*\)\. .* delete .*checkpoints to begin again\.$/,
    );
    expect(await checkpoints(out)).toEqual(all);
    expect(await files()).toEqual(before);
  });
});
