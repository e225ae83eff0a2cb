import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createProject, runModule } from '../packages/testing/src/index.ts';

const root = path.resolve(import.meta.dirname, '..');

it('the example of the README runs in a project of its own, and learns', {
  timeout: 60_000,
}, async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const imported = [...example.matchAll(/from '([^']+)'/g)].map(([, name]) => name as string);
  const folder = await mkdtemp(path.join(tmpdir(), 'fastweights-readme-'));
  try {
    const linked = imported.map((name) => {
      const own = name.startsWith('@fastweights/');
      return [name, path.join(root, own ? `packages/${name.slice(13)}` : `node_modules/${name}`)];
    });
    await createProject(folder, { linked: Object.fromEntries(linked) });
    const { stdout, stderr } = await runModule(folder, example);
    expect(stderr).toBe('');
    const losses = stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    expect(losses.length).toBe(4);
    expect(losses.at(-1)).toBeLessThan(0.25 * (losses[0] as number));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
