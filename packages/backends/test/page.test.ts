import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProject } from '@fastweights/testing';
import { type Browser, chromium as browserType } from 'playwright';
import { build, createServer, preview, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, chromiumFlags } from '../../../test/chromium.ts';
import type { Lessons } from './page/main.ts';

// The page in page/, as a user has it: in a project of its own, from our packages as they are published, bundled by Vite.

const here = path.resolve(import.meta.dirname, '..');
const core = path.resolve(here, '../core');
const dependency = (name: string): string => path.join(here, 'node_modules', name);

let folder: string;
let browser: Browser | undefined;
beforeAll(async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', here]);
  execFileSync(process.execPath, [path.join(here, 'scripts/copy-wasm.js'), 'dist']);
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-page-'));
  if (!chromium) return;
  browser = await browserType.launch({ executablePath: chromium, args: [...chromiumFlags] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Page {
  readonly root: string;
  readonly chunks: readonly Rollup.OutputChunk[];
  readonly files: readonly string[];
}

async function bundle(name: string, backends: readonly string[]): Promise<Page> {
  const installed = ['core', ...backends.map((backend) => `backend-${backend}`)];
  const root = await createProject(path.join(folder, name), {
    linked: {
      '@fastweights/core': core,
      '@fastweights/kernels': path.resolve(here, '../kernels'),
      ...Object.fromEntries(
        installed.map((part) => [
          `@tensorflow/tfjs-${part}`,
          dependency(`@tensorflow/tfjs-${part}`),
        ]),
      ),
    },
  });
  for (const part of ['package.json', 'dist']) {
    await cp(path.join(here, part), path.join(root, 'node_modules/@fastweights/backends', part), {
      recursive: true,
    });
  }
  await cp(path.join(import.meta.dirname, 'page'), root, { recursive: true });
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { emptyOutDir: true },
  })) as Rollup.RollupOutput;
  return {
    root,
    chunks: output.filter((file) => file.type === 'chunk'),
    files: output.map(({ fileName }) => fileName),
  };
}

interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const isolating = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const servers = {
  'with a strict content security policy': {
    isolated: false,
    start: (root: string) => serveBuilt(root, {}),
  },
  'to an isolated page': {
    isolated: true,
    start: (root: string) => serveBuilt(root, isolating),
  },
  'for development': { isolated: false, start: serveSources },
};

async function serveBuilt(root: string, headers: Record<string, string>): Promise<Served> {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";
  const server = await preview({
    root,
    configFile: false,
    preview: {
      host: '127.0.0.1',
      port: 0,
      headers: { 'content-security-policy': policy, ...headers },
    },
  });
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

async function serveSources(root: string): Promise<Served> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'warn',
    // Our packages and tfjs's are links to other places on disk.
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  });
  await server.listen();
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

const pages = {
  everything: ['cpu', 'wasm', 'webgl', 'webgpu'],
  'wasm and cpu alone': ['cpu', 'wasm'],
} as const;

describe.each(Object.entries(pages))('a bundled page with %s', (name, installed) => {
  let page: Page;
  beforeAll(async () => {
    page = await bundle(name, installed);
  }, 60_000);

  it('has no Node code of ours', () => {
    const modules = page.chunks.flatMap(({ moduleIds }) => moduleIds);
    expect(modules.filter((id) => id.includes('/backends/dist/')).length).toBeGreaterThan(10);
    const forNode = /\.node\.[jt]s$|candidates\/tensorflow|tfjs-node|node_modules\/webgpu\/|^node:/;
    expect(modules.filter((id) => forNode.test(id))).toEqual([]);
    for (const { fileName, code, imports, moduleIds } of page.chunks) {
      expect(code, fileName).not.toMatch(/["'`]node:/);
      expect(page.files, fileName).toEqual(expect.arrayContaining(imports));
      // tfjs's own modules ask whether they are in Node before they act on it.
      if (moduleIds.some((id) => id.includes('/@fastweights/'))) {
        expect(code, fileName).not.toMatch(/\bprocess\b|\brequire\(/);
      }
    }
  });

  it('keeps each backend in a chunk of its own, and has none that is not installed', () => {
    for (const backend of pages.everything) {
      const chunks = page.chunks.filter(({ moduleIds }) =>
        moduleIds.some((id) => id.includes(`/tfjs-backend-${backend}/dist/index.js`)),
      );
      expect(
        chunks.map(({ isDynamicEntry }) => isDynamicEntry),
        backend,
      ).toEqual((installed as readonly string[]).includes(backend) ? [true] : []);
    }
    // What the page loads before anything is tried.
    const first = atOnce(page);
    expect(
      first.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.includes('tfjs-backend-')),
    ).toEqual([]);
  });

  it('ships the files of wasm, and not those of its threads', () => {
    const wasm = page.files.filter((file) => file.endsWith('.wasm'));
    expect(wasm.map((file) => file.replace(/-[\w-]{8}\.wasm$/, '')).sort()).toEqual([
      'assets/tfjs-backend-wasm',
      'assets/tfjs-backend-wasm-simd',
    ]);
  });

  it.for(Object.entries(servers))(
    'trains on the page and in a worker, served %s',
    { timeout: 60_000 },
    async ([, { start, isolated }], { skip }) => {
      if (!browser) return skip('no Chromium: apt-get install chromium, or name one in CHROMIUM');
      const server = await start(page.root);
      const visit = await browser.newPage();
      const complaints: string[] = [];
      const requested: URL[] = [];
      let workers = 0;
      visit.on('console', (message) => {
        // Vite's development server says that it is connected.
        if (message.type() !== 'debug') complaints.push(message.text());
      });
      visit.on('pageerror', (error) => complaints.push(error.message));
      visit.on('worker', () => workers++);
      visit.context().on('request', (request) => requested.push(new URL(request.url())));
      try {
        await visit.goto(server.url);
        const output = visit.locator('output:not(:empty)');
        const text = await output.textContent({ timeout: 40_000 }).catch(() => 'no result');
        expect(complaints, text ?? '').toEqual([]);
        const lessons = JSON.parse(text ?? '') as Lessons;
        expect(lessons.isolated).toBe(isolated);
        expect(lessons.page).toMatchObject({ name: 'wasm', refused: {} });
        expect(lessons.worker.name).toMatch(/^(wasm|cpu)$/);
        const webgl = installed.some((backend) => backend === 'webgl');
        expect(lessons.worker.refused).toEqual({
          webgpu: 'no-adapter',
          webgl: webgl ? 'software-adapter' : 'not-installed',
        });
        for (const { losses } of [lessons.page, lessons.worker]) {
          expect(losses[1]).toBeLessThan(0.1 * (losses[0] as number));
        }
        // Our own worker, and none of emscripten's threads.
        expect(workers).toBe(1);
        expect([...new Set(requested.map(({ origin }) => origin))]).toEqual([
          new URL(server.url).origin,
        ]);
      } finally {
        await visit.close();
        await server.close();
      }
    },
  );
});

/** The chunks that the page's own script imports statically. */
function atOnce({ chunks }: Page): Rollup.OutputChunk[] {
  const found = chunks.filter(({ isEntry }) => isEntry);
  for (const { imports } of found) {
    for (const chunk of chunks) {
      if (imports.includes(chunk.fileName) && !found.includes(chunk)) found.push(chunk);
    }
  }
  return found;
}
