import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const source = '@fastweights/source';

export default defineConfig({
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    // Generous, since machines are shared; a test that hangs still fails.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'cpu',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'test/*.test.ts'],
          setupFiles: ['./packages/testing/src/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'wasm',
          include: ['packages/{core,cells,trainers,experiments}/test/**/*.test.ts'],
          setupFiles: ['./test/setup-wasm.ts'],
        },
      },
    ],
  },
});
