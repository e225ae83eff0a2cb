import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium as browserType } from 'playwright';
import { build } from 'vite';
import { chromium, chromiumFlags } from '../../../test/chromium.ts';
import { servePage } from '../test/serve-page.ts';

// `pnpm --filter @fastweights/demo screenshots`: every scene in both themes at three widths, into docs/page/.

const root = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, '../../docs/page'));
const only = process.argv[3];
const widths = [360, 768, 1440];
const themes = ['light', 'dark'] as const;

await build({ root, logLevel: 'warn' });
await mkdir(folder, { recursive: true });
const page = await servePage();
const browser = await browserType.launch({
  ...(chromium && { executablePath: chromium }),
  args: [...chromiumFlags],
});
try {
  for (const width of widths) for (const theme of themes) await capture(browser, width, theme);
} finally {
  await browser.close();
  await page.close();
}

async function capture(browser: Browser, width: number, theme: 'light' | 'dark'): Promise<void> {
  const visit = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  visit.on('console', (message) => console.log(`${width} ${theme}: ${message.text()}`));
  visit.on('pageerror', (error) => console.log(`${width} ${theme}: ${error.message}`));
  await visit.goto(`${page.url}?backend=wasm`);
  // It would lie over what is taller than the window.
  await visit.locator('.bar').evaluate((bar) => {
    (bar as HTMLElement).style.position = 'static';
  });
  for (const section of await visit.locator('section.hero, section.scene').all()) {
    const name = (await section.getAttribute('id')) ?? 'title';
    if (only !== undefined && only !== name) continue;
    await section.scrollIntoViewIfNeeded();
    const figure = section.locator('figcaption');
    if ((await figure.count()) > 0) {
      await figure.filter({ hasNotText: 'prepared' }).waitFor({ timeout: 30_000 });
    }
    await section.screenshot({ path: path.join(folder, `${name}-${width}-${theme}.png`) });
  }
  await visit.close();
}
