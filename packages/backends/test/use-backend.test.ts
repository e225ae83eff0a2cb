import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { createProject, runModule } from '@fastweights/testing';
import { getBackend, grad, setBackend, square, tensor1d } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';

describe('useBackend', () => {
  afterEach(() => setBackend('cpu'));

  it.each(['wasm', 'cpu'] as const)('makes %s ready to train', async (prefer) => {
    expect(await useBackend({ prefer })).toEqual({ name: prefer, refused: [] });
    expect(getBackend()).toBe(prefer);
    const gradient = await grad((x) => square(x))(tensor1d([3, -1])).data();
    expect([...gradient]).toEqual([6, -2]);
  });

  it('takes wasm first', async () => {
    expect((await useBackend()).name).toBe('wasm');
  });

  it('refuses a backend that it does not know', async () => {
    await expect(useBackend({ prefer: 'gpu' as never })).rejects.toThrow(OptionError);
    await expect(useBackend({ backend: 'cpu' } as never)).rejects.toThrow(/"backend"/);
  });
});

// A project of its own elsewhere on disk, whose node_modules has only some of the packages.
describe('useBackend in a process of its own', { timeout: 30_000 }, () => {
  const here = path.resolve(import.meta.dirname, '..');
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fastweights-backends-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function project(name: string, installed: readonly string[]): Promise<string> {
    const linked = ['@fastweights/core', '@tensorflow/tfjs-core', ...installed].map(
      (dependency) => [dependency, path.join(here, 'node_modules', dependency)] as const,
    );
    return createProject(path.join(folder, name), {
      linked: Object.fromEntries(linked),
      copied: { '@fastweights/backends': here },
    });
  }

  const run = (cwd: string, code: string) =>
    runModule(cwd, `const { useBackend } = await import('@fastweights/backends'); ${code}`);

  it('takes cpu where wasm is not installed, and says why', async () => {
    const root = await project('cpu-only', ['@tensorflow/tfjs-backend-cpu']);
    const { stdout, stderr } = await run(root, 'console.log(JSON.stringify(await useBackend()))');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      name: 'cpu',
      refused: [
        {
          name: 'wasm',
          reason:
            '@tensorflow/tfjs-backend-wasm is not installed; add it with: ' +
            'npm install @tensorflow/tfjs-backend-wasm@4.22.0',
        },
      ],
    });
  });

  it('fails with every reason where none is installed', async () => {
    const root = await project('none', []);
    const { stdout } = await run(
      root,
      'try { await useBackend() } catch (e) { console.log(e.code, e.name, e.refused.length, e.message) }',
    );
    expect(stdout).toMatch(/^backend BackendError 2 No backend could be started\./);
    expect(stdout).toContain('npm install @tensorflow/tfjs-backend-wasm@4.22.0');
    expect(stdout).toContain('npm install @tensorflow/tfjs-backend-cpu@4.22.0');
  });

  it('insists on the backend that is preferred', async () => {
    const root = path.join(folder, 'cpu-only');
    const { stdout } = await run(
      root,
      "try { await useBackend({ prefer: 'wasm' }) } catch (e) { console.log(e.refused.length, e.message) }",
    );
    expect(stdout).toMatch(/^1 .*\n {2}wasm: .*not installed/);
  });

  it('says what a package that breaks says', async () => {
    const root = await project('broken', ['@tensorflow/tfjs-backend-cpu']);
    const broken = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm');
    await mkdir(broken);
    await writeFile(path.join(broken, 'index.js'), "throw new Error('out of luck');");
    const { stdout } = await run(root, 'console.log((await useBackend()).refused[0].reason)');
    expect(stdout).toBe('@tensorflow/tfjs-backend-wasm failed to start: out of luck\n');
  });

  it('leaves an uncaught error its exit code', async () => {
    const both = ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-backend-wasm'];
    const root = await project('both', both);
    const { code, stderr } = await run(root, "await useBackend(); throw new Error('mine');");
    expect([code, stderr.includes('mine')]).toEqual([1, true]);
    const rejected = await run(root, "await useBackend(); Promise.reject(new Error('mine'));");
    expect([rejected.code, rejected.stderr.includes('mine')]).toEqual([1, true]);
  });
});
