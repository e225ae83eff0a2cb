import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { integer, random, uniform } from '@fastweights/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  trainAgentCommandOf,
  trainedAgentConfig,
} from '../src/agent-training/train-agent-options.ts';
import { catchDefaults } from '../src/agent-training/train-catch-program.ts';
import { UsageError } from '../src/usage-error.ts';
import { type Ended, runCli, startCli } from './run-cli.ts';
import { whatIsLeft } from './what-is-left.ts';

/** Some twenty starts of the program, which a busy machine takes its time for. */
const TIMEOUT = 1_800_000;
/** A network that costs next to nothing; checkpoints come every fifth report. */
const TINY = ['--units', '8', '--set', 'hidden=8', 'worlds=4'];
const argsOf = (out: string, ...more: string[]): string[] => [
  ...['train', 'catch', '--board', '5,5', '--workers', '1', '--out', out],
  ...more,
  ...TINY,
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-catch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

const eventsOf = ({ stdout }: Pick<Ended, 'stdout'>, name: string): Json[] =>
  stdout
    .split('\n')
    .filter((line) => line.endsWith('}') && line.includes(`"event":"${name}"`))
    .map((line) => JSON.parse(line) as Json);

describe('train catch', { timeout: TIMEOUT }, () => {
  it('plays, keeps the run, and shows it again', async () => {
    const out = path.join(folder, 'plain');
    const args = argsOf(out, '--frames', '800');
    const trained = await runCli(args);
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    const lines = trained.stdout.split('\n');
    expect(lines[0]).toBe('Learning to catch: 5 × 5, all 5 frames seen.');
    expect(lines[1]).toMatch(
      /^8 fast-weights units, [\d,]+ weights to learn, backend wasm, seed 1\.$/,
    );
    expect(lines[2]).toBe('800 frames; 1 worker, each in 4 games at once.');
    expect(lines[5]).toMatch(/^ +\d+ +[−\d.]+ +[\d.]+ +-?[\d.]+ +[\d,]+ +(\d+ min )?\d+ s$/);
    // An episode has four moves, in each of four games.
    expect(trained.stdout).toMatch(
      /^Done after 800 frames and 200 episodes in \d+ s: mean reward −?\d\.\d\d at the end\.$/m,
    );
    // Two columns of five are under the paddle.
    expect(trained.stdout).toMatch(/^Of 1,000 games .* who never looks catches 40\.0 %\.$/m);
    expect(trained.stdout).toContain(`watch ${out}`);
    expect((await readdir(out)).toSorted()).toEqual([
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\./),
      'metrics.jsonl',
      'result.json',
      'sessions.json',
      'weights.safetensors',
    ]);
    const { result } = JSON.parse(await readFile(path.join(out, 'result.json'), 'utf8'));
    const metrics = (await readFile(path.join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const last = JSON.parse(metrics.at(-1) ?? '');
    expect(result).toMatchObject({
      ...{ frames: 800, updates: 50, episodes: 200, stopped: 'frames' },
      last: { frames: 800, meanReward: last.meanReward },
      evaluation: { episodes: 1000 },
      sessions: [{ workers: 1, backend: 'wasm' }],
    });
    for (const kind of ['greedy', 'sampled'] as const) {
      expect(Math.abs(result.evaluation[kind].meanReward)).toBeLessThanOrEqual(1);
    }

    const again = await runCli(args);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('It was trained before, and nothing was done now.');
    const shown = await runCli(['runs', 'show', out]);
    expect(shown.stdout).toMatch(/^ {2}frames +800 of 800$/m);
    expect(shown.stdout).toMatch(/^ {2}likeliest moves +−?\d\.\d\d$/m);
    expect(shown.stdout).toContain('800 frames, mean reward');
    const listed = await runCli(['runs', 'list', folder]);
    expect(listed.stdout).toMatch(/plain +fast-weights +8 +5,5 +1 +800 +−?\d\.\d\d +done/);
    const compared = JSON.parse((await runCli(['runs', 'compare', '--json', out, out])).stdout);
    expect(compared).toMatchObject({ differences: [], runs: [{ agent: { frames: 800 } }, {}] });
    const file = path.join(folder, 'agent.safetensors');
    expect(await runCli(['export', out, file])).toMatchObject({ code: 0, stderr: '' });
    const watched = await runCli(['watch', file, '--json']);
    expect(watched).toMatchObject({ code: 0, stderr: '' });
  });

  it('stops at Ctrl-C, says how to go on, and does', async () => {
    const out = path.join(folder, 'stopped');
    const args = argsOf(out, '--frames', '40000');
    const running = startCli(args);
    await running.printed('     400 ');
    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(stopped.stdout).toMatch(/^Stopped after [\d,]+ frames: mean reward −?\d\.\d\d\.$/m);
    expect(stopped.stdout).toMatch(
      /train catch --board 5,5 --units 8 --frames 40000 --workers 1 --out .*stopped --set hidden=8 worlds=4/,
    );
    const [checkpoint = ''] = await readdir(path.join(out, 'checkpoints'));
    const frames = Number(/-frames-(\d+)$/.exec(checkpoint)?.[1]);
    expect(frames).toBeGreaterThanOrEqual(400);
    expect(frames % 16).toBe(0);
    const finished = await runCli([...args, '--json']);
    expect(finished.code, finished.stderr).toBe(0);
    expect(eventsOf(finished, 'resumed')).toMatchObject([{ frames }]);
    expect(eventsOf(finished, 'finished')).toMatchObject([{ result: { frames: 40_000 } }]);
  });

  it('tells the defaults of the config', () => {
    const { data, model, training } = trainedAgentConfig('catch', {});
    expect(model.kind).toBe('fast-weights');
    expect(catchDefaults).toEqual({
      board: `${data.size},${data.visibleFrames}`,
      units: model.units,
      frames: training.maxFrames,
    });
  });

  it.each([
    [{ model: 'lstmm' }, /model\.kind .* Did you mean lstm\?/],
    [{ set: ['stepsiz=1'] }, /Did you mean stepSize\?/],
    [{ board: { size: 4, visibleFrames: 5 } }, /visibleFrames/],
  ])('refuses %j', (options, message) => {
    const work = (): unknown => trainedAgentConfig('catch', options);
    expect(work).toThrow(UsageError);
    expect(work).toThrow(message);
  });

  it('says its own command again', () => {
    const board = { size: 24, visibleFrames: 5 };
    const options = { board, model: 'lstm', frames: 9, set: ['worlds=2'], json: true };
    expect(trainAgentCommandOf('catch', options)).toBe(
      'train catch --board 24,5 --model lstm --frames 9 --set worlds=2',
    );
  });
});

const KILLS = 6;

describe(`a training that is killed at ${KILLS} random moments`, { timeout: TIMEOUT }, () => {
  it('leaves the same bits, with one worker', async () => {
    const [whole, broken] = [path.join(folder, 'whole'), path.join(folder, 'broken')];
    const plan = ['--frames', '24000', '--json'];
    const undisturbed = runCli(argsOf(whole, ...plan));
    const draw = random(11);
    let story = 'Killed';
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = startCli(argsOf(broken, ...plan));
      const reports = integer(draw, 12) + 1;
      let seen = 0;
      await new Promise<void>((resolve) => {
        child.stdout?.on('data', (text: string) => {
          seen += text.split('"event":"progress"').length - 1;
          if (seen >= reports) resolve();
        });
        ended.then(() => resolve(), resolve);
      });
      await new Promise((resolve) => setTimeout(resolve, uniform(draw, 0, 30)));
      child.kill('SIGKILL');
      const killed = await ended;
      story += ` at frame ${eventsOf(killed, 'progress').at(-1)?.['frames']}`;
      expect(killed, story).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
    }
    const last = await runCli(argsOf(broken, ...plan));
    expect(last, story).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(last, 'resumed'), story).toHaveLength(1);
    expect(await undisturbed).toMatchObject({ code: 0, stderr: '' });
    expect(await whatIsLeft(broken), story).toEqual(await whatIsLeft(whole));
  });
});

/**
 * Run in the process that trains: ends a thread at random, again and again, while it learns. Each has learned before it
 * dies: one that dies again and again as it starts is given up, as it should be.
 */
const reaper = (deaths: number, seed: number): string => `
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) {
    let [state, left] = [${seed}, ${deaths}];
    const draw = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const learning = new Set();
    process.on('worker', (thread) => {
      thread.on('message', () => learning.add(thread));
      thread.on('exit', () => learning.delete(thread));
    });
    const write = process.stdout.write.bind(process.stdout);
    let due = 3;
    // Between two reports somebody learns: a death falls at any moment of that.
    process.stdout.write = (text, ...rest) => {
      if (String(text).includes('"event":"progress"') && --due <= 0 && left > 0 && learning.size > 0) {
        due = 3;
        left--;
        const threads = [...learning];
        const victim = threads[Math.floor(draw() * threads.length)];
        learning.delete(victim);
        setTimeout(() => victim.terminate(), 20 * draw());
      }
      return write(text, ...rest);
    };
  }`;

const withReaper = (deaths: number, seed: number): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(reaper(deaths, seed))}`,
];

const restartsIn = ({ stderr }: Ended): number =>
  stderr.split('\n').filter((line) => /^note: .*worker.* died and was started anew\.$/.test(line))
    .length;

describe('workers that are killed at random', { timeout: 1_800_000 }, () => {
  const DEATHS = 20;
  const LEARNABLE = ['--units', '24', '--set', 'hidden=24', 'model.learningRate=0.1', 'clipNorm=1'];
  const learnArgs = (out: string): string[] => [
    ...['train', 'catch', '--board', '6,6', '--workers', '2', '--frames', '160000'],
    ...[
      '--out',
      out,
      '--json',
      ...LEARNABLE,
      'optimizer=adam',
      'stepSize=0.01',
      'annealing=cosine',
    ],
    ...['discount=0.95', 'entropyBonus=0.003', 'worlds=32', 'reportEvery=1600'],
  ];

  it(`cost no more than their episodes: ${DEATHS} deaths in one training`, async () => {
    const out = path.join(folder, 'deaths');
    const ended = await startCli(learnArgs(out), withReaper(DEATHS, 7)).ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(restartsIn(ended), ended.stderr).toBe(DEATHS);
    const [finished] = eventsOf(ended, 'finished');
    const result = finished?.['result'] as Record<string, never>;
    const { frames, updates, episodes, evaluation } = result as unknown as Record<
      string,
      number
    > & {
      evaluation: { greedy: { meanReward: number } };
    };
    // Every rollout that was learned from is counted once, and whole: 32 games of 5 moves.
    expect(frames).toBeGreaterThanOrEqual(160_000);
    expect(frames).toBeLessThan(160_000 + 2 * 160);
    expect(frames).toBe(160 * (updates ?? 0));
    expect(episodes).toBe(32 * (updates ?? 0));
    const reported = eventsOf(ended, 'progress').map((event) => Number(event['frames']));
    expect(reported).toEqual([...new Set(reported)].toSorted((a, b) => a - b));
    expect(reported.length).toBeGreaterThanOrEqual(95);
    // As good as one that nobody killed.
    expect(evaluation.greedy.meanReward).toBeGreaterThanOrEqual(0.99);
  });

  it('leave the same bits where one learns alone', async () => {
    const [whole, broken] = [path.join(folder, 'quiet'), path.join(folder, 'reaped')];
    const plan = ['--frames', '16000', '--json'];
    const [undisturbed, reaped] = await Promise.all([
      runCli(argsOf(whole, ...plan)),
      startCli(argsOf(broken, ...plan), withReaper(4, 3)).ended,
    ]);
    expect(undisturbed).toMatchObject({ code: 0, stderr: '' });
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(restartsIn(reaped), reaped.stderr).toBe(4);
    expect(await whatIsLeft(broken)).toEqual(await whatIsLeft(whole));
  });
});
