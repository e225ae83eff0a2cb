import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { configDefaults, defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { chromium, chromiumFlags } from './test/chromium.ts';

const source = '@fastweights/source';
const withoutWebGpu = 'test/no-webgpu.browser.test.ts';

/** The tests of backends on pages and in workers; the Node test in test/chromium.test.ts says where they cannot run. */
function browserProject(
  name: string,
  executablePath: string,
  {
    flags,
    headers = {},
    ...files
  }: {
    flags: readonly string[];
    headers?: Record<string, string>;
    include: string[];
    exclude?: string[];
  },
): TestProjectConfiguration {
  return {
    extends: true,
    server: { headers },
    // What is imported lazily is found here, before the first test: finding it later reloads the page.
    root: './packages/backends',
    optimizeDeps: {
      include: ['core', 'backend-cpu', 'backend-wasm', 'backend-webgl', 'backend-webgpu'].map(
        (part) => `@tensorflow/tfjs-${part}`,
      ),
    },
    test: {
      name,
      ...files,
      // Emulated GPUs take all cores: after the tests in Node.
      sequence: { groupOrder: 1 },
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath, args: [...chromiumFlags, ...flags] },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

/** The same tests a second time with kernels on, which must run: test/setup-fused.ts. */
const fusedProject = (name: 'wasm' | 'cpu-fused'): TestProjectConfiguration => ({
  extends: true,
  test: {
    name,
    include: ['packages/{core,cells,baselines,trainers,experiments}/test/**/*.test.ts'],
    // Files on disk are the same on every backend, and so are threads that die.
    exclude: [
      ...configDefaults.exclude,
      'packages/core/test/node-*.test.ts',
      'packages/trainers/test/runs-*.test.ts',
      'packages/trainers/test/crew.test.ts',
      'packages/trainers/test/*.browser.test.ts',
      'packages/trainers/test/agents/learners.test.ts',
    ],
    setupFiles: [`./test/setup-${name}.ts`],
  },
});

/** A person on the built page of apps/demo; packages compute beside it, in Node. */
const pageProject: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'demo',
    include: ['apps/demo/test/*.page.test.ts'],
    globalSetup: ['./apps/demo/test/build-page.ts'],
    setupFiles: ['./packages/testing/src/setup.ts'],
    // axe looks at every element, and emulated GPUs compile slowly.
    testTimeout: 180_000,
    sequence: { groupOrder: 2 },
  },
};

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    // Generous, since machines are shared; a test that hangs still fails.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './scripts/skipped-tests.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'cpu',
          include: ['{packages,apps}/*/test/**/*.test.ts', '{bench/,}test/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.{browser,page}.test.ts'],
          setupFiles: ['./packages/testing/src/setup.ts'],
        },
      },
      fusedProject('wasm'),
      fusedProject('cpu-fused'),
      ...(chromium
        ? [
            browserProject('chromium', chromium, {
              flags: ['--enable-unsafe-webgpu'],
              include: ['test/*.browser.test.ts', '../trainers/test/*.browser.test.ts'],
              exclude: [withoutWebGpu],
            }),
            browserProject('chromium-no-webgpu', chromium, { flags: [], include: [withoutWebGpu] }),
            // A page that may share memory with its workers.
            browserProject('chromium-isolated', chromium, {
              flags: [],
              headers: {
                'Cross-Origin-Opener-Policy': 'same-origin',
                'Cross-Origin-Embedder-Policy': 'require-corp',
              },
              include: ['../trainers/test/*.browser.test.ts'],
            }),
            pageProject,
          ]
        : []),
    ],
  },
});
