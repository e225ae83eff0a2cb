import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ready, type Visitor, visitor } from './visitor.ts';

let people: Visitor;
beforeAll(async () => {
  // An emulated GPU.
  people = await visitor({ flags: ['--enable-unsafe-webgpu'] });
});
afterAll(() => people.close());

const shown = { wasm: 'WASM', cpu: 'cpu', webgpu: 'WebGPU' } as const;

describe('the badge', () => {
  it.each(['wasm', 'cpu', 'webgpu'] as const)(
    'computes on %s where it is asked for',
    async (name) => {
      const { page, complaints, close } = await people.visit(`?backend=${name}&software=1`);
      await ready(page);
      const badge = page.locator('.badge');
      await expect.poll(() => badge.locator('summary').innerText()).toContain(shown[name]);
      expect(await badge.locator('summary').innerText()).toContain('self-test passed');
      expect(await page.locator('#remember .answer-digits').innerText()).toContain('9 is right');
      await badge.locator('summary').click();
      expect(await badge.locator('.report').innerText()).toContain('Fused kernels are on');
      expect(complaints).toEqual([]);
      await close();
    },
  );

  it('says why a backend was refused, and computes on another', async () => {
    const { page, complaints, close } = await people.visit('?backend=webgpu');
    await ready(page);
    const badge = page.locator('.badge');
    expect(await badge.locator('summary').innerText()).toMatch(/WASM|cpu/);
    await badge.locator('summary').click();
    expect(await badge.locator('.report').innerText()).toMatch(/refused: .*emulates a GPU/);
    expect(complaints).toEqual([]);
    await close();
  });

  it('chooses by itself where nothing is asked for', async () => {
    const { page, complaints, close } = await people.visit('');
    await ready(page);
    await page.locator('.badge summary').click();
    const report = await page.locator('.badge .report').innerText();
    expect(report).toMatch(/ms a training step/);
    expect(complaints).toEqual([]);
    await close();
  });
});
