import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { glimpses } from '@fastweights/datasets';
import { importModel, restoreExperiment } from '@fastweights/experiments';
import { softmax, tensor3d } from '@tensorflow/tfjs-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDrawing, writeDrawing } from '../src/scenes/look/drawing-code.ts';
import { shippedDigit, shippedDigits } from '../src/scenes/look/shipped-digits.ts';
import { tableOf, type Visitor, visitor } from './visitor.ts';

let people: Visitor;
beforeAll(async () => {
  people = await visitor();
});
afterAll(() => people.close());

const file = path.resolve(import.meta.dirname, '../weights/look-digits.safetensors.gz');

async function openScene(page: Page): Promise<void> {
  await page.locator('#look').scrollIntoViewIfNeeded();
  await page.locator('#look figcaption').filter({ hasNotText: 'prepared' }).waitFor();
}

/** The probabilities of the classes at the end. */
async function answers(page: Page): Promise<number[]> {
  const rows = await tableOf(page, 'look', 'Answer after each quarter');
  return rows.map((row) => Number(row[4]));
}

const says = (page: Page): Promise<string> => page.locator('#look figcaption b').innerText();

/** What the packages compute in Node for a drawing. */
async function likelyInNode(drawing: Uint8Array): Promise<number[]> {
  const { model } = restoreExperiment(
    importModel(new Uint8Array(gunzipSync(await readFile(file)))),
  );
  const patches = glimpses({ side: 28 }).extract(
    drawing.map((ink) => 17 * ink),
    1,
  );
  const scores = model.predict(tensor3d(patches, [1, 24, 49]));
  return [...(await softmax(scores).data())];
}

describe('scene 4, Look', () => {
  it('reads every digit that comes with the page, as the packages do in Node', async () => {
    for (const name of shippedDigits.filter((digit) => digit.length === 1)) {
      const likely = await likelyInNode(shippedDigit(name));
      expect(likely.indexOf(Math.max(...likely)), name).toBe(Number(name));
    }
    const { page, complaints, close } = await people.visit('?backend=wasm&digit=5#look');
    await openScene(page);
    const likely = await likelyInNode(shippedDigit('5'));
    for (const [i, value] of (await answers(page)).entries()) {
      expect(value).toBeCloseTo(likely[i] ?? -1, 3);
    }
    expect(await says(page)).toBe('5');
    expect(complaints).toEqual([]);
    await close();
  });

  it('reads a digit that is drawn with a pointer', async () => {
    const { page, complaints, close } = await people.visit('?backend=wasm#look');
    await openScene(page);
    await page.locator('#look').getByRole('button', { name: 'Clear' }).click();
    const box = await page.locator('#look .pad').boundingBox();
    if (!box) throw new Error('There is no pad.');
    const at = (x: number, y: number): [number, number] => [
      box.x + (x / 28) * box.width,
      box.y + (y / 28) * box.height,
    ];
    // A 7.
    await page.mouse.move(...at(8, 6));
    await page.mouse.down();
    await page.mouse.move(...at(20, 6), { steps: 6 });
    await page.mouse.move(...at(12, 23), { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => says(page)).toBe('7');
    // What was drawn is in the address, and comes back from it.
    await expect.poll(() => page.url()).toMatch(/drawing=[\w-]{100}/);
    await page.waitForTimeout(500);
    const shared = await people.visit(`${new URL(page.url()).search}#look`);
    await openScene(shared.page);
    expect(await answers(shared.page)).toEqual(await answers(page));
    await shared.close();
    expect(complaints).toEqual([]);
    await close();
  });

  it('reads a digit that is drawn by keys alone', async () => {
    const { page, close } = await people.visit('?backend=wasm#look');
    await openScene(page);
    await page.locator('#look').getByRole('button', { name: 'Clear' }).press('Enter');
    await page.locator('#look .pad').focus();
    for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    for (let i = 0; i < 18; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect.poll(() => says(page)).toBe('1');
    await close();
  });

  it('goes through the glimpses: written four times, and read four times', async () => {
    const { page, close } = await people.visit('?backend=wasm&glimpse=1#look');
    await openScene(page);
    const caption = page.locator('#look figcaption');
    expect(await caption.innerText()).toContain('no answer yet');
    const words: string[] = [];
    const output = page.locator('#look .player output');
    for (let step = 1; step <= 24; step++) {
      words.push(await output.innerText());
      if (step < 24) await page.locator('#look').getByRole('button', { name: 'Next step' }).click();
    }
    expect(words.flatMap((text, i) => (text.includes('written') ? [i + 1] : []))).toEqual([
      1, 7, 13, 19,
    ]);
    expect(words.flatMap((text, i) => (text.includes('read') ? [i + 1] : []))).toEqual([
      6, 12, 18, 24,
    ]);
    expect(await caption.innerText()).toContain('says 3');
    // A memory that is read later is read as it is then: nothing of what was not stored yet.
    const read = await tableOf(page, 'look', 'is read back');
    expect(read.map((row) => row.filter((cell) => cell === '–').length)).toEqual([3, 2, 1, 0]);
    await page.getByLabel('Glimpse', { exact: true }).fill('6');
    await expect.poll(() => caption.innerText()).toContain('After 6 glimpses');
    await close();
  });

  it('wipes a quarter after it was stored, and sees it no more', async () => {
    const { page, close } = await people.visit('?backend=wasm&digit=8#look');
    await openScene(page);
    const before = await answers(page);
    await page.locator('#look .wipe input[value="2"]').check();
    await expect.poll(() => answers(page)).not.toEqual(before);
    const seen = (await tableOf(page, 'look', 'each glimpse')).map((row) => Number(row[2]));
    expect(seen[6]).toBeGreaterThan(0);
    expect(seen.slice(7, 12)).toEqual([0, 0, 0, 0, 0]);
    await expect.poll(() => page.url()).toContain('hide=2');
    await close();
  });

  it('looks at faces too', async () => {
    const { page, complaints, close } = await people.visit('?backend=wasm&picture=face#look');
    await openScene(page);
    await expect
      .poll(async () => (await tableOf(page, 'look', 'Answer after each quarter')).length)
      .toBe(6);
    expect(await page.locator('#look').innerText()).toContain('24 glimpses of 12 × 12');
    await page.locator('#look').getByRole('button', { name: 'Another face' }).click();
    await expect.poll(() => page.url()).toContain('face=1');
    expect(complaints).toEqual([]);
    await close();
  });

  it('keeps drawings in words of the address', () => {
    const drawing = shippedDigit('8');
    expect(readDrawing(writeDrawing(drawing))).toEqual(drawing);
    expect(writeDrawing(new Uint8Array(784))).toBe('blank');
    for (const odd of ['', 'abc', '%%%', 'A'.repeat(600)]) expect(readDrawing(odd)).toBeUndefined();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds serious: %s',
    async (colorScheme) => {
      const { page, close } = await people.visit('?backend=wasm#look', { colorScheme });
      await openScene(page);
      await page.locator('#look .twin summary').click();
      const { violations } = await new AxeBuilder({ page }).include('#look').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await close();
    },
  );
});
