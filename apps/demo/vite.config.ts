import { defaultClientConditions, defineConfig } from 'vite';
import { pageText } from './build/page-text.ts';
import { shownSources } from './build/shown-sources.ts';

export default defineConfig({
  // A static folder that works from any path.
  base: './',
  resolve: { conditions: ['@fastweights/source', ...defaultClientConditions] },
  plugins: [pageText(), shownSources()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
  },
  build: {
    // light-dark() and :has() as they are.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    // TensorFlow.js's backends are that large; test/first-load.page.test.ts holds what is loaded before them.
    chunkSizeWarningLimit: 2000,
  },
  preview: { host: '127.0.0.1', port: 4173 },
});
