import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { saveWeights } from '@fastweights/core';
import { exportModel, importModel, parseConfig, prepareExperiment } from '@fastweights/experiments';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Visitor, visitor } from './visitor.ts';

let people: Visitor;
let folder: string;
beforeAll(async () => {
  people = await visitor();
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-page-'));
});
afterAll(async () => {
  await people.close();
  await rm(folder, { recursive: true });
});

const run = promisify(execFile);
/** The program from source: a fresh clone has no build. */
const cli = [
  ...['--import', import.meta.resolve('tsx'), '--conditions=@fastweights/source'],
  path.resolve(import.meta.dirname, '../../cli/src/bin.ts'),
];
const LONG = 600_000;

async function openScene(page: Page): Promise<void> {
  await page.locator('#train').scrollIntoViewIfNeeded();
  await page.locator('#train figcaption').waitFor();
}

const press = (page: Page, name: string): Promise<void> =>
  page.locator('#train').getByRole('button', { name, exact: true }).click();

/** How many of the unseen strings are wrong by now, in per cent. */
async function errorNow(page: Page, name = 'Fast weights'): Promise<number> {
  const rows = await page
    .locator('#train .twin table')
    .first()
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
  const row = rows.find(([network]) => network?.includes(name));
  return Number(row?.[3] ?? Number.NaN);
}

async function updatesNow(page: Page): Promise<number> {
  const table = page.locator('#train .twin table').first();
  const cells = await table.locator('tbody tr').first().locator('td').allTextContents();
  return Number(cells[1] ?? Number.NaN);
}

async function keep(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')]);
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

const open = (page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }) =>
  page.locator('#train input[type=file]').setInputFiles(file);
const said = (page: Page): Promise<string> => page.locator('#train .notice').innerText();

describe('scene 3, Train', () => {
  it(
    'trains fast weights to less than 1 % in at most 4,000 updates, as the page stays quick',
    async () => {
      const { page, complaints, hosts, close } = await people.visit(
        '?backend=wasm&race=fast-weights#train',
      );
      await openScene(page);
      expect(await page.locator('#train figcaption').innerText()).toContain('Nothing is trained');
      await press(page, 'Train');
      await expect.poll(() => updatesNow(page), { timeout: LONG }).toBeGreaterThanOrEqual(50);
      expect(await page.locator('#train .status').innerText()).toMatch(
        /WASM\s+self-test passed[\s\S]*updates \/ s/,
      );
      const frames = await page.evaluate(
        () =>
          new Promise<number[]>((resolve) => {
            const times: number[] = [];
            const frame = (time: number): void => {
              times.push(time);
              if (times.length > 120) resolve(times.slice(1).map((t, i) => t - (times[i] ?? 0)));
              else requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
          }),
      );
      const median = frames.sort((a, b) => a - b)[60] ?? Number.NaN;
      expect(median).toBeLessThan(1000 / 30);

      const under = page.locator('#train .standings .own td').nth(1);
      await expect.poll(() => under.innerText(), { timeout: LONG }).toMatch(/\d/);
      const updates = Number((await under.innerText()).replace(',', ''));
      expect(updates).toBeLessThanOrEqual(4000);

      await press(page, 'Pause');
      await page.waitForTimeout(1500);
      const paused = await updatesNow(page);
      await page.waitForTimeout(1500);
      expect(await updatesNow(page)).toBe(paused);
      const term = page.locator('#train .equation .value').first();
      expect(Number(await term.innerText())).toBeLessThan(0.5);

      // Its weights, to be looked into.
      await press(page, 'Show the fast weights in scene 1');
      await expect.poll(() => said(page)).toContain('of 50 units');

      // Into the command line.
      const file = await keep(page);
      const { stdout } = await run('node', [
        ...cli,
        'recall',
        'c9k8j3f1??c',
        '--run',
        file,
        '--json',
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ answer: 9 });

      await press(page, 'Reset');
      expect(await page.locator('#train figcaption').innerText()).toContain('Nothing is trained');
      expect(complaints).toEqual([]);
      expect([...hosts]).toEqual([new URL(people.url).host]);
      await close();
    },
    LONG,
  );

  it(
    'takes what the command line has exported, and gives the same error for it',
    async () => {
      const [place, file] = [path.join(folder, 'run'), path.join(folder, 'from-cli.safetensors')];
      const train = 'train retrieval --model lstm --units 20 --seed 3 --updates 30 --backend wasm';
      // The target is not reached: exit code 3.
      await run('node', [
        ...cli,
        ...train.split(' '),
        '--plain',
        '--out',
        place,
        '--set',
        'validateEvery=30',
      ]).catch(({ code }: { code: number }) => expect(code).toBe(3));
      await run('node', [...cli, 'export', place, file]);
      const { page, complaints, close } = await people.visit('?backend=wasm&race=irnn#train');
      await openScene(page);
      await open(page, file);
      await expect.poll(() => said(page), { timeout: LONG }).toContain('LSTM with 20 units');
      const shown = await errorNow(page, 'LSTM');

      // The page keeps it as it came, and the command line tests that.
      const back = await keep(page);
      const [came, went] = await Promise.all([readFile(file), readFile(back)]);
      expect(importModel(new Uint8Array(went)).weights).toEqual(
        importModel(new Uint8Array(came)).weights,
      );
      const evaluation = await run('node', [
        ...cli,
        'evaluate',
        back,
        '--data',
        'validation',
        '--json',
        '--backend',
        'wasm',
      ]);
      expect(100 * JSON.parse(evaluation.stdout).error).toBeCloseTo(shown, 2);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'refuses files that are corrupt, huge or of something else, says why, and loses nothing',
    async () => {
      const { page, complaints, close } = await people.visit(
        '?backend=wasm&race=fast-weights&units=20#train',
      );
      await openScene(page);
      await press(page, 'Train');
      await expect.poll(() => updatesNow(page), { timeout: LONG }).toBeGreaterThanOrEqual(50);
      await press(page, 'Pause');
      await page.waitForTimeout(1500);
      const updates = await updatesNow(page);
      const good = await readFile(await keep(page));

      const flipped = Buffer.from(good);
      flipped[flipped.length - 3] = (flipped.at(-3) ?? 0) ^ 64;
      const named = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer });
      const refused = async (name: string, buffer: Buffer, why: RegExp): Promise<void> => {
        await open(page, named(name, buffer));
        await expect
          .poll(() => said(page), { timeout: LONG })
          .toMatch(new RegExp(`^${name} is refused`));
        expect(await said(page)).toMatch(why);
        expect(await updatesNow(page)).toBe(updates);
      };
      await refused('empty', Buffer.alloc(0), /no safetensors file/);
      await refused('half', good.subarray(0, good.length / 2), /no safetensors file/);
      await refused('flipped', flipped, /not as it was written/);
      await refused('photo', Buffer.from('\x89PNG and so on, and on'), /no safetensors file/);
      await refused('huge', Buffer.alloc(17e6), /at most 16 MB/);
      await refused('digits', await exported({ task: 'mnist', model: { units: 4 } }), /mnist/);
      await refused('norm', await exported({ model: { kind: 'ln-rnn', units: 4 } }), /ln-rnn/);
      await refused(
        'pairs',
        await exported({ data: { pairs: 2 }, model: { units: 4 } }),
        /2 pairs/,
      );
      await press(page, 'Go on');
      await expect.poll(() => updatesNow(page), { timeout: LONG }).toBeGreaterThan(updates);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it('has its settings in the address, and mends odd ones', async () => {
    const { page, close } = await people.visit('?backend=wasm&units=7&seed=-4&race=lstm,gru#train');
    await openScene(page);
    expect(await page.locator('#train').getByLabel('Seed').inputValue()).toBe('0');
    expect(await page.locator('#train input[value="50"]').isChecked()).toBe(true);
    expect(await page.getByLabel('LSTM', { exact: true }).isChecked()).toBe(true);
    expect(await page.getByLabel('IRNN').isChecked()).toBe(false);
    await page.locator('#train .try').getByRole('link', { name: '20 units' }).click();
    await expect
      .poll(() => page.locator('#train [data-command]').innerText())
      .toContain('--model lstm --units 20 --seed 0');
    await page.getByLabel('IRNN').check();
    await expect.poll(() => page.url()).toContain('race=lstm%2Cirnn');
    await close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds serious: %s',
    async (colorScheme) => {
      const { page, close } = await people.visit('?backend=wasm#train', { colorScheme });
      await openScene(page);
      await page.locator('#train .curves canvas').waitFor();
      const { violations } = await new AxeBuilder({ page }).include('#train').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await close();
    },
  );
});

/** An untrained network, as a file. */
async function exported(part: object): Promise<Buffer> {
  const config = parseConfig({ task: 'retrieval', ...part });
  const { model } = prepareExperiment(config);
  const weights = await saveWeights(model.weights);
  return Buffer.from(exportModel({ config, weights }));
}
