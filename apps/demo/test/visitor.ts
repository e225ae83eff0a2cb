import {
  type Browser,
  type BrowserContextOptions,
  chromium as browserType,
  type Page,
} from 'playwright';
import { chromium, chromiumFlags } from '../../../test/chromium.ts';
import { type ServedPage, servePage } from './serve-page.ts';

interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: string[];
  /** Hosts that were asked for something. */
  readonly hosts: Set<string>;
  close(): Promise<void>;
}

export interface Visitor {
  readonly url: string;
  /** Opens the page with these settings in a browser of its own profile. */
  visit(query?: string, options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

export interface VisitorOptions {
  readonly flags?: readonly string[];
  readonly isolated?: boolean;
}

/** A browser and the built page; scenes that compute by themselves begin with `?backend=wasm`. */
export async function visitor({
  flags = [],
  isolated = false,
}: VisitorOptions = {}): Promise<Visitor> {
  const served: ServedPage = await servePage({ isolated });
  const browser: Browser = await browserType.launch({
    ...(chromium && { executablePath: chromium }),
    args: [...chromiumFlags, ...flags],
  });
  return {
    url: served.url,
    async visit(query = '?backend=wasm', options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      const complaints: string[] = [];
      const hosts = new Set<string>();
      context.on('request', (request) => hosts.add(new URL(request.url()).host));
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(error.error().message));
      const page = await context.newPage();
      await page.goto(`${served.url}${query}`);
      return { page, complaints, hosts, close: () => context.close() };
    },
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** Waits until the network has read the string that the page shows. */
export async function ready(page: Page, scene: 'remember' | 'settle' = 'remember'): Promise<void> {
  await page.locator(`#${scene}`).scrollIntoViewIfNeeded();
  await page
    .locator(`#${scene} figcaption`)
    .filter({ hasNotText: 'being prepared' })
    .waitFor({ timeout: 60_000 });
}

/** The numbers of a table of a scene, by its caption: row titles to cells. */
export async function tableOf(page: Page, scene: string, caption: string): Promise<string[][]> {
  const table = page.locator(`#${scene} table`).filter({ hasText: caption });
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
}
