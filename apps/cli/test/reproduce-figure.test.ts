import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type AgentRunResult,
  figure5,
  type PlannedAgentRun,
  planFigure,
} from '@fastweights/experiments';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FigureEvent, figureProgress } from '../src/reproduce/figure-progress.ts';
import { agentResultRow, agentRow, FIGURE_HEAD } from '../src/reproduce/figure-row.ts';
import { BOARDS } from '../src/reproduce/reproduce-program.ts';
import { textOf } from '../src/terminal/line.ts';
import { type Ended, runCli, startCli } from './run-cli.ts';
import { whatIsLeft } from './what-is-left.ts';

/** Some twenty starts of the program, which a busy machine takes its time for. */
const TIMEOUT = 1_800_000;
const SMALL = ['--board', '16,3', '--set', 'units=8', 'hidden=8', 'worlds=4'];
const argsOf = (out: string, models: string, ...more: string[]): string[] => [
  ...['reproduce', 'figure5', '--budget', 'quick', '--trials', '2', '--seeds', '1', '--json'],
  ...['--models', models, '--out', out, ...more, ...SMALL],
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-figure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

const eventsOf = ({ stdout }: Ended, name: string): Json[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)
    .filter(({ event }) => event === name);

async function remains(out: string): Promise<object> {
  const parent = path.join(out, 'figure5');
  const entries = await readdir(parent, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const each = names.map(async (name) => [name, await whatIsLeft(path.join(parent, name))]);
  return Object.fromEntries(await Promise.all(each));
}

async function reportIn(out: string): Promise<Json> {
  return JSON.parse(await readFile(path.join(out, 'figure5', 'report.json'), 'utf8')) as Json;
}

describe('reproduce figure5', { timeout: TIMEOUT }, () => {
  it('searches, trains the seeds of the best, reports, and goes on after Ctrl-C', async () => {
    const [whole, broken] = [path.join(folder, 'whole'), path.join(folder, 'broken')];
    const size = ['--frames', '6000'];
    const undisturbed = runCli(argsOf(whole, 'lstm', ...size, '--parallel', '1'));
    const running = startCli(argsOf(broken, 'lstm', ...size, '--parallel', '2'));
    await running.printed('"event":"progress"');
    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(eventsOf(stopped, 'interrupted').length).toBeGreaterThan(0);
    // A search that is not over has chosen nothing.
    expect(eventsOf(stopped, 'started').map(({ stage }) => stage)).not.toContain('seeds');

    const finished = await runCli(argsOf(broken, 'lstm', ...size, '--parallel', '2'));
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(finished, 'resumed').length).toBeGreaterThan(0);
    const ended = eventsOf(finished, 'finished').concat(eventsOf(finished, 'found'));
    const stages = ended.map(({ stage }) => stage).toSorted();
    expect(stages).toEqual(['search', 'search', 'seeds']);
    const seed = ended.find(({ stage }) => stage === 'seeds');
    expect(seed).toMatchObject({ board: '16,3', model: 'lstm', seed: 1, run: 3, of: 3 });
    const search = ended.filter(({ stage }) => stage === 'search');
    expect(search.map(({ seed }) => seed).toSorted()).toEqual([1001, 1002]);
    expect(await undisturbed).toMatchObject({ code: 0, stderr: '' });
    expect(await remains(broken)).toEqual(await remains(whole));

    const report = await reportIn(broken);
    expect(report['cells']).toMatchObject([{ board: '16,3', model: 'lstm', left: 0, failed: [] }]);
    expect(report['facts']).toMatchObject({
      command: expect.stringContaining(
        'reproduce figure5 --budget quick --models lstm --seeds 1 --trials 2 --frames 6000 --parallel 2',
      ),
    });
    const html = await readFile(path.join(broken, 'figure5', 'report.html'), 'utf8');
    expect(html).toContain('Partially observable Catch');

    const again = await runCli(argsOf(broken, 'lstm', ...size));
    expect(eventsOf(again, 'found')).toHaveLength(3);
    expect(eventsOf(again, 'started')).toEqual([]);
    // Another command's runs of the same figure are in the report.
    const more = await runCli(argsOf(broken, 'rnn', ...size));
    expect(more).toMatchObject({ code: 0, stderr: '' });
    const models = ((await reportIn(broken))['cells'] as Json[]).map(({ model }) => model);
    expect(models).toEqual(['rnn', 'lstm']);
  });

  it('says what it would do, and does nothing', async () => {
    const out = path.join(folder, 'dry');
    const dry = await runCli([
      'reproduce',
      'figure5',
      '--dry-run',
      '--out',
      out,
      '--budget',
      'full',
    ]);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    // Three models on two boards, forty trials and ten seeds of each.
    expect(dry.stdout).toContain('Budget full: 300 runs of 2,550,000,000 frames in all.');
    expect(dry.stdout).toMatch(/^ {2}24,5 fast-weights +50 × 12,000,000$/m);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it.each([
    [['--units', '20'], '--units is for tables'],
    [['--backend', 'cpu'], '--backend cpu is for tables'],
    [['--models', 'irnn'], 'a model of figure5'],
    [['--set', 'stepSize=0.1'], 'It is searched over: leave it out.'],
    [['--board', '9,9'], "'9,9' is invalid. Allowed choices are 16,3, 24,5, 32,7."],
  ])('refuses %j', async (more, message) => {
    const out = path.join(folder, 'refused');
    const ended = await runCli(['reproduce', 'figure5', '--out', out, ...more]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
  });

  it('offers the boards that there are', () => {
    expect(BOARDS).toEqual(figure5.boards.map(({ name }) => name));
  });
});

describe('the progress of a figure', () => {
  let first: PlannedAgentRun;
  let second: PlannedAgentRun;
  const kinds = [{ board: '16,3', model: 'lstm', runs: 3, frames: 1000 }];
  const event = (run: PlannedAgentRun, told: object): FigureEvent =>
    ({ run, index: 0, of: 2, ...told }) as FigureEvent;
  const report = (frames: number) => ({
    ...{ frames, updates: 1, episodes: 1, meanReward: 0.5 },
    ...{ loss: 0, policyLoss: 0, valueLoss: 0, entropy: 1, gradientNorm: 1 },
  });
  const result: AgentRunResult = {
    ...{ frames: 1000, updates: 9, episodes: 9, seconds: 20 },
    curve: [{ frames: 1000, meanReward: -0.25 }],
  };

  beforeAll(async () => {
    const options = { boards: ['16,3'], models: ['lstm'], trials: 2, seeds: 1, frames: 1000 };
    [first, second] = (await planFigure(figure5, options)) as [PlannedAgentRun, PlannedAgentRun];
  });

  it('counts the seeds that are not known before the search is over', () => {
    const progress = figureProgress({ kinds, parallel: 1 });
    expect(progress.secondsLeft()).toBeUndefined();
    progress.hear(event(first, { kind: 'started' }));
    progress.begin(first, 0, 1000);
    progress.advance(first, report(500), 6000);
    expect(progress.share()).toBeCloseTo(500 / 3000, 12);
    // 100 frames a second: 5 s of this run, and twice 10 s.
    expect(progress.secondsLeft()).toBeCloseTo(25, 9);
    progress.hear(event(first, { kind: 'finished', result }));
    expect(progress.share()).toBeCloseTo(1000 / 3000, 12);
    // By now 50 frames a second.
    expect(progress.secondsLeft()).toBeCloseTo(40, 9);
    progress.hear(event(second, { kind: 'found', result }));
    expect(progress.secondsLeft()).toBeCloseTo(20, 9);
  });

  it('times a run that goes on by what it does now', () => {
    const progress = figureProgress({ kinds, parallel: 2 });
    progress.hear(event(first, { kind: 'resumed' }));
    progress.begin(first, 400, 1000);
    const now = progress.advance(first, report(500), 2000);
    expect(now?.framesPerSecond).toBeCloseTo(100, 9);
    // 5 s of this one and 10 of the last beside the 10 of the second.
    expect(progress.secondsLeft()).toBeCloseTo(15, 9);
  });

  it('is told in lines of one width', () => {
    const progress = figureProgress({ kinds, parallel: 1 });
    progress.hear(event(first, { kind: 'started' }));
    progress.begin(first, 0, 0);
    const now = progress.advance(first, report(500), 1000);
    const lines = [
      FIGURE_HEAD,
      agentRow(now as NonNullable<typeof now>),
      agentResultRow(first, { index: 0, of: 2 }, result),
    ].map(textOf);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    expect(lines[0]?.length).toBeLessThanOrEqual(79);
    expect(lines[1]).toMatch(/^ +1\/2 +16,3 lstm +trial 1 +500\/1,000 +500 +0\.50$/);
    expect(lines[2]).toMatch(/trial 1 +1,000 +50 +−0\.25$/);
  });
});
