import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ready, type Visitor, visitor } from './visitor.ts';

let people: Visitor;
let isolated: Visitor;
beforeAll(async () => {
  [people, isolated] = await Promise.all([visitor(), visitor({ isolated: true })]);
});
afterAll(() => Promise.all([people.close(), isolated.close()]));

const scenes = ['remember', 'settle', 'train', 'look', 'play'];

describe('the page', () => {
  it('is read without JavaScript', async () => {
    const { page, complaints, close } = await people.visit('', { javaScriptEnabled: false });
    for (const scene of scenes) {
      const section = page.locator(`#${scene}`);
      expect((await section.locator('.say').innerText()).length, scene).toBeGreaterThan(100);
      expect(await section.locator('.options label').count(), scene).toBeGreaterThan(1);
      expect(await section.locator('.try li').count(), scene).toBe(3);
      expect(await section.locator('.equation').innerText(), scene).toMatch(/=/);
      expect(await section.locator('[data-command]').innerText(), scene).toMatch(/^fastweights /);
      await section.locator('summary').click();
      expect((await section.locator('.answer').innerText()).length, scene).toBeGreaterThan(60);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  it('has a policy without unsafe-inline, and nothing in it that would need one', async () => {
    const response = await fetch(people.url);
    const html = await response.text();
    const escaped = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    const policy = escaped.replaceAll('&#39;', "'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  it('ships the sources that it links to, from any path', async () => {
    const html = await (await fetch(people.url)).text();
    const links = [...html.matchAll(/href="((?:source|weights)\/[^"]+)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThanOrEqual(5);
    for (const link of links) {
      const file = await fetch(new URL(link ?? '', people.url));
      expect(file.status, link).toBe(200);
      expect(file.headers.get('content-type'), link).not.toContain('text/html');
    }
    expect(html).not.toMatch(/(?:href|src)="\//);
  });

  it('works on a page that may share memory, too', async () => {
    const { page, complaints, close } = await isolated.visit();
    await ready(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.locator('.badge summary').click();
    expect(await page.locator('.badge .report').innerText()).toContain('The page is cross-origin');
    expect(complaints).toEqual([]);
    await close();
  });

  it('loads at most 350 kB, compressed, before a backend', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    await close();
    // The worker's own loads are not in that list: what it imports before it tries a backend is followed here.
    const first = new Map<string, number>();
    const wanted = [people.url, ...asked, ...(await workersIn(asked))];
    for (const url of wanted) {
      if (first.has(url)) continue;
      const body = Buffer.from(await (await fetch(url)).arrayBuffer());
      first.set(url, gzipSync(body).length);
      if (url.endsWith('.js')) wanted.push(...staticImports(body.toString(), url));
    }
    const list = [...first].map(([url, size]) => `${size} ${new URL(url).pathname}`).join('\n');
    for (const part of ['index', 'remember', 'engine.worker', '.css']) expect(list).toContain(part);
    const total = [...first.values()].reduce((sum, size) => sum + size, 0);
    expect(total, list).toBeGreaterThan(80_000);
    expect(total, list).toBeLessThan(350_000);
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('has nothing that axe finds serious: %s, %i px', async (colorScheme, width) => {
    const { page, close } = await people.visit('?backend=wasm', {
      colorScheme,
      reducedMotion: 'reduce',
      viewport: { width, height: 900 },
    });
    await ready(page);
    await ready(page, 'settle');
    for (const twin of await page.locator('.twin summary').all()) await twin.click();
    await page.locator('.badge summary').click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(
      serious.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
      ),
    ).toEqual([]);
    await close();
  });

  it.each([320, 768])('needs no scrolling to the side at %i px', async (width) => {
    const { page, close } = await people.visit('?backend=wasm', {
      viewport: { width, height: 800 },
    });
    await ready(page);
    await ready(page, 'settle');
    for (const twin of await page.locator('.twin summary').all()) await twin.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    await close();
  });

  it('is used from the keyboard: every control is reached, and the focus is seen', async () => {
    const { page, close } = await people.visit();
    await ready(page);
    await ready(page, 'settle');
    await page.evaluate(() => scrollTo(0, 0));
    const reached = new Set<string>();
    for (let i = 0; i < 90; i++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const { activeElement: element } = document;
        if (!element || element === document.body) return undefined;
        const shown = element.closest('.segments, .options label') ?? element;
        const { outlineStyle } = getComputedStyle(shown.querySelector('span') ?? shown);
        const { outlineStyle: own } = getComputedStyle(shown);
        return {
          what:
            element.getAttribute('aria-label') ??
            (element as HTMLInputElement).labels?.[0]?.textContent ??
            element.textContent ??
            '',
          seen: outlineStyle !== 'none' || own !== 'none',
        };
      });
      if (!focus) continue;
      reached.add(focus.what.trim().split('\n')[0] ?? '');
      expect(focus.seen, focus.what).toBe(true);
    }
    for (const name of [
      'Time step',
      'Play',
      'Previous step',
      'Step 1',
      'New string',
      'Layer norm',
      'Reads, S',
      'Read as a table',
    ]) {
      expect([...reached], name).toContain(name);
    }
    await close();
  });

  it('moves nothing by itself, and no longer than asked where motion is reduced', async () => {
    const { page, close } = await people.visit('?backend=wasm', { reducedMotion: 'reduce' });
    await ready(page);
    const running = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    );
    expect(running).toBe(0);
    const duration = await page
      .locator('#remember .tile')
      .first()
      .evaluate((tile) => getComputedStyle(tile).transitionDuration);
    expect(duration).toBe('0s');
    await close();
  });

  it('remembers a theme, and takes one from the address before the first paint', async () => {
    const { page, close } = await people.visit('?backend=wasm&theme=dark', {
      colorScheme: 'light',
    });
    const paper = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await paper()).toBe('rgb(17, 20, 26)');
    await page.getByRole('button', { name: /^Theme: dark/ }).click();
    await page.getByRole('button', { name: /^Theme: as the system/ }).click();
    expect(await paper()).toBe('rgb(251, 250, 247)');
    await page.goto(`${people.url}?backend=wasm`);
    await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
    await close();
  });
});

/** The workers that these scripts start. */
async function workersIn(urls: readonly string[]): Promise<string[]> {
  const found = urls
    .filter((url) => url.endsWith('.js'))
    .map(async (url) => {
      const code = await (await fetch(url)).text();
      return [...code.matchAll(/[\w./-]*engine\.worker-[\w-]+\.js/g)].map(
        ([name]) => new URL(name.split('/').at(-1) ?? '', url).href,
      );
    });
  return (await Promise.all(found)).flat();
}

/** What a module cannot run without; `import()` is left out. */
const staticImports = (code: string, url: string): string[] =>
  [...code.matchAll(/(?:from|import)\s*["'`](\.[^"'`]+\.js)["'`]/g)].map(
    ([, name = '']) => new URL(name, url).href,
  );
