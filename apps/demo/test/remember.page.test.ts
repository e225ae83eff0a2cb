import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeNetwork } from './node-network.ts';
import { ready, tableOf, type Visitor, visitor } from './visitor.ts';

let people: Visitor;
beforeAll(async () => {
  people = await visitor();
});
afterAll(() => people.close());

const digits = (cells: readonly string[][]): number[] => cells.map(([, value]) => Number(value));

describe('scene 1, Remember', () => {
  it('answers what is typed, with the numbers that the packages compute in Node', async () => {
    const network = await nodeNetwork();
    const { page, complaints, hosts, close } = await people.visit();
    await ready(page);
    const field = page.getByLabel('String');
    for (const text of ['c9k8j3f1??c', 'c9k8j3f1??j', 'm4q7x0b2??x']) {
      await field.fill(text);
      await page.getByText(`query ${text.at(-1)} puts`).waitFor();
      const likely = await network.probabilities(text);
      const shown = digits(await tableOf(page, 'remember', 'The answer'));
      expect(shown).toHaveLength(10);
      for (const [i, value] of shown.entries()) {
        expect(value, `${text}: ${i}`).toBeCloseTo(likely[i] ?? -1, 3);
      }
      const weights = (await tableOf(page, 'remember', 'attends to')).map((row) => Number(row[2]));
      const attention = await network.attention(text);
      // Without η, which is 0.5.
      expect(weights).toHaveLength(text.length - 1);
      for (const [i, weight] of weights.entries()) {
        expect(2 * (attention[i] ?? -1), `${text}: step ${i + 1}`).toBeCloseTo(weight, 3);
      }
    }
    await expect(page.locator('#remember .answer-digits').innerText()).resolves.toContain(
      '0 is right',
    );
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(people.url).host]);
    await close();
  });

  it('reads the same from the matrix and by attention, and prints the difference', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    const rows = await tableOf(page, 'remember', 'What is read back');
    expect(rows).toHaveLength(32);
    for (const [unit, matrix, attention] of rows) expect(matrix, unit).toBe(attention);
    expect(rows.some(([, matrix]) => Number(matrix) > 0.1)).toBe(true);
    const difference = await page.locator('#remember .difference').innerText();
    expect(difference).toMatch(/^(0|\d\.\d × 10⁻[⁶⁷⁸])$/);
    await page.getByRole('radio', { name: 'matrix' }).check();
    await expect.poll(() => page.url()).toContain('read=matrix');
    await close();
  });

  it('goes through time by slider, buttons, tiles and keys', async () => {
    const { page, close } = await people.visit('?backend=wasm', { reducedMotion: 'reduce' });
    await ready(page);
    const heading = page.locator('#remember .matrix .label');
    await page.getByLabel('Time step').fill('4');
    await expect.poll(() => heading.innerText()).toBe('Fast weights A(4)');
    await page.locator('#remember').getByRole('button', { name: 'Next step' }).click();
    await expect.poll(() => heading.innerText()).toBe('Fast weights A(5)');
    await page.getByLabel('Step 9', { exact: true }).click();
    await expect.poll(() => heading.innerText()).toBe('Fast weights A(9)');
    await page.locator('h1').click();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => heading.innerText()).toBe('Fast weights A(8)');
    await page.getByLabel('Time step').fill('1');
    await expect.poll(() => page.locator('#remember figcaption').innerText()).toContain('empty');
    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await expect.poll(() => heading.innerText(), { timeout: 5000 }).toBe('Fast weights A(3)');
    await close();
  });

  it('edits a tile from the keyboard alone, and moves on', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    await page.getByLabel('Step 11', { exact: true }).focus();
    await page.keyboard.press('k');
    await page.getByText('query k puts').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('7');
    await expect.poll(() => page.getByLabel('String').inputValue()).toBe('c9k8j3f7??k');
    await close();
  });

  it('shares every setting in the address, and mends odd ones', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    await page.getByLabel('String').fill('a1b2??b');
    await page.getByLabel('Time step').fill('3');
    await page.getByRole('radio', { name: 'change' }).check();
    await expect
      .poll(() => new URL(page.url()).search)
      .toBe('?backend=wasm&text=a1b2%3F%3Fb&step=3&show=change');
    const shared = await people.visit(new URL(page.url()).search);
    await ready(shared.page);
    expect(await shared.page.locator('#remember .matrix .label').innerText()).toBe(
      'Change at step 3',
    );
    expect(await shared.page.locator('#remember figcaption').innerText()).toBe(
      await page.locator('#remember figcaption').innerText(),
    );
    await shared.close();

    const odd = await people.visit('?backend=wasm&text=C9_K8%2B??c&step=99&show=sideways&lambda=7');
    await ready(odd.page);
    expect(await odd.page.getByLabel('String').inputValue()).toBe('c9k8??c');
    expect(await odd.page.locator('#remember .matrix .label').innerText()).toBe(
      'Fast weights A(7)',
    );
    expect(odd.complaints).toEqual([]);
    await odd.close();
    await close();
  });

  it('does what its three things to try say', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    await page.locator('#remember .try').getByRole('link', { name: 'k', exact: true }).click();
    await page.getByText('8 is right').waitFor();
    await page.locator('#remember .try').getByRole('link', { name: 'never shown' }).click();
    await page.getByText('no right answer').waitFor();
    await page.goBack();
    await page.getByText('8 is right').waitFor();
    await close();
  });

  it('answers its question after a choice', async () => {
    const { page, close } = await people.visit();
    const answer = page.locator('#remember .answer');
    expect(await answer.getAttribute('open')).toBeNull();
    await page.getByRole('radio', { name: 'only the 9' }).check();
    expect(await answer.getAttribute('open')).not.toBeNull();
    expect(await answer.innerText()).toContain('the letter alone calls it back');
    await close();
  });
});
