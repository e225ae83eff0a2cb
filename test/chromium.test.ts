import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { chromium } from './chromium.ts';

// The projects chromium and chromium-no-webgpu of vitest.config.ts are left out where there is no browser.
it('a browser is there for the tests on pages and in workers', ({ skip }) => {
  if (!chromium) return skip('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  const version = execFileSync(chromium, ['--version'], { stdio: 'pipe', encoding: 'utf8' });
  // The first one with WebGPU.
  expect(Number(/Chrom\w+ (\d+)/.exec(version)?.[1])).toBeGreaterThanOrEqual(113);
});
