import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const source = '@fastweights/source';

export default defineConfig({
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'test/*.test.ts'],
          setupFiles: ['./packages/testing/src/setup.ts'],
        },
      },
    ],
  },
});
