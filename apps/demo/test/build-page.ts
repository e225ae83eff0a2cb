import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

// Vitest's global setup of the project demo: the page is built, unless what it is made of is older than it.

const root = path.resolve(import.meta.dirname, '..');
const sources = [
  ...['src', 'build', 'public', 'weights', 'index.html', 'vite.config.ts', 'package.json'].map(
    (part) => path.join(root, part),
  ),
  ...readdirSync(path.join(root, '../../packages')).map((name) =>
    path.join(root, '../../packages', name, 'src'),
  ),
];

export async function setup(): Promise<void> {
  const built = statSync(path.join(root, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined || sources.some((source) => newest(source) > built)) {
    await build({ root, logLevel: 'error' });
  }
}

function newest(place: string): number {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(
    found.mtimeMs,
    ...readdirSync(place).map((name) => newest(path.join(place, name))),
  );
}
