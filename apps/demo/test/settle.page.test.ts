import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeNetwork } from './node-network.ts';
import { ready, tableOf, type Visitor, visitor } from './visitor.ts';

let people: Visitor;
beforeAll(async () => {
  people = await visitor();
});
afterAll(() => people.close());

describe('scene 2, Settle', () => {
  it('answers after one read as the trained network does', async () => {
    const network = await nodeNetwork();
    const { page, complaints, close } = await people.visit('?backend=wasm&reads=1#settle');
    await ready(page, 'settle');
    const rows = await tableOf(page, 'settle', 'Sizes and answers');
    const [, , , , answer, probability] = rows[1] ?? [];
    const likely = await network.probabilities('c9k8j3f1??c');
    expect(Number(answer)).toBe(likely.indexOf(Math.max(...likely)));
    expect(Number(probability)).toBeCloseTo(Math.max(...likely), 3);
    const [first = []] = await tableOf(page, 'settle', 'Shares of attention');
    const attention = await network.attention('c9k8j3f1??c');
    const total = attention.reduce((sum, weight) => sum + weight, 0);
    attention.forEach((weight, i) => {
      expect(first[i + 1]).toBe(`${Math.round((100 * weight) / total)} %`);
    });
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows divergence without layer norm, and keeps its frame', async () => {
    const { page, close } = await people.visit('?backend=wasm&reads=5#settle');
    await ready(page, 'settle');
    const caption = page.locator('#settle figcaption');
    expect(await caption.innerText()).not.toContain('Diverging');
    await page.getByRole('switch', { name: 'Layer norm' }).click();
    await expect.poll(() => caption.innerText()).toContain('Diverging.');
    await expect.poll(() => page.url()).toContain('norm=0');
    const rows = await tableOf(page, 'settle', 'Sizes and answers');
    const moves = rows.slice(1).map((row) => row[3] ?? '');
    expect(moves.at(-1)).toMatch(/× 10/);
    // Every number that places something is finite: nothing is drawn at infinity.
    const paths = await page
      .locator('#settle svg path')
      .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
    expect(paths.filter((d) => /NaN|Infinity/.test(d))).toEqual([]);
    await close();
  });

  it('reads nothing from a memory that is not written', async () => {
    const { page, close } = await people.visit('?backend=wasm&eta=0#settle');
    await ready(page, 'settle');
    expect(await page.locator('#settle figcaption').innerText()).toContain('nothing is written');
    await page.getByLabel('Reads, S').fill('0');
    await expect.poll(() => page.url()).toContain('reads=0');
    await page.getByRole('button', { name: 'Back to the defaults' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?backend=wasm');
    await close();
  });

  it('mends odd settings to the nearest that there are', async () => {
    const { page, complaints, close } = await people.visit(
      '?backend=wasm&reads=12&lambda=0.123&eta=-4&norm=no#settle',
    );
    await ready(page, 'settle');
    expect(await page.getByLabel('Reads, S').inputValue()).toBe('5');
    expect(await page.getByLabel('Decay, λ').inputValue()).toBe('0.5');
    expect(await page.getByLabel('Strength, η').inputValue()).toBe('0');
    expect(await page.getByRole('switch', { name: 'Layer norm' }).isChecked()).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });

  it('stands at the first step, where there is nothing to read', async () => {
    const { page, complaints, close } = await people.visit('?backend=wasm&step=1#settle');
    await ready(page, 'settle');
    expect(await page.locator('#settle .life').innerText()).toContain('empty');
    expect(complaints).toEqual([]);
    await close();
  });
});
