import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProject, runModule } from '@fastweights/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasVulkanDriver } from '../src/vulkan-drivers.ts';
import { softwareVulkan } from './software-vulkan.ts';

// Each refusal in a project of its own elsewhere on disk, whose node_modules has only some of the packages, or
// packages that break in the way that real ones do.

const here = path.resolve(import.meta.dirname, '..');
const CPU = '@tensorflow/tfjs-backend-cpu';
const WASM = '@tensorflow/tfjs-backend-wasm';
const WEBGPU = '@tensorflow/tfjs-backend-webgpu';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-backends-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let projects = 0;
async function project(
  installed: readonly string[],
  broken: Readonly<Record<string, string>> = {},
): Promise<string> {
  const linked = ['@fastweights/core', '@tensorflow/tfjs-core', ...installed].map(
    (dependency) => [dependency, path.join(here, 'node_modules', dependency)] as const,
  );
  const root = await createProject(path.join(folder, `project-${projects++}`), {
    linked: Object.fromEntries(linked),
    copied: { '@fastweights/backends': here },
  });
  for (const [name, code] of Object.entries(broken)) await createBroken(root, name, code);
  return root;
}

async function createBroken(root: string, name: string, code: string): Promise<void> {
  const at = path.join(root, 'node_modules', name);
  await mkdir(at, { recursive: true });
  await writeFile(path.join(at, 'index.js'), code);
}

interface Answer {
  readonly name?: string;
  readonly refused: readonly { backend: string; code: string; reason: string; cure: string }[];
}

async function ask(
  cwd: string,
  options: object = {},
  env: Record<string, string> = {},
): Promise<Answer> {
  const { stdout, stderr, code } = await runModule(
    cwd,
    `const { useBackend } = await import('@fastweights/backends');
     const show = ({ backend, code, reason, cure }) => ({ backend, code, reason, cure });
     const { name, refused } = await useBackend(${JSON.stringify(options)}).catch((error) => error);
     console.log(JSON.stringify({ name, refused: refused.map(show) }));`,
    env,
  );
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Answer;
}

describe('a backend is refused, with the cure', { timeout: 30_000 }, () => {
  it('when it is not installed', async () => {
    const { name, refused } = await ask(await project([CPU]));
    expect(name).toBe('cpu');
    expect(refused.map(({ backend, code }) => `${backend} ${code}`)).toEqual([
      'tensorflow not-installed',
      'webgpu not-installed',
      'wasm not-installed',
    ]);
    expect(refused.map(({ cure }) => cure)).toEqual([
      'With an NVIDIA GPU: npm install @tensorflow/tfjs-node-gpu@4.22.0; without: npm install @tensorflow/tfjs-node@4.22.0',
      'Install it: npm install webgpu@0.6.2',
      'Install it: npm install @tensorflow/tfjs-backend-wasm@4.22.0',
    ]);
  });

  it('when none is installed, with every reason', async () => {
    const { name, refused } = await ask(await project([]));
    expect(name).toBe('BackendError');
    expect(refused.map(({ code }) => code)).toEqual(new Array(4).fill('not-installed'));
  });

  it('when it is preferred, and nothing else is taken instead', async () => {
    const { name, refused } = await ask(await project([CPU]), { prefer: 'wasm' });
    expect(name).toBe('BackendError');
    expect(refused.map(({ backend }) => backend)).toEqual(['wasm']);
  });

  it('when its package breaks', async () => {
    const root = await project([CPU], { [WASM]: "throw new Error('out of luck');" });
    const { refused } = await ask(root, {});
    expect(refused.at(-1)).toMatchObject({ backend: 'wasm', code: 'did-not-start' });
    expect(refused.at(-1)?.reason).toContain('out of luck');
  });

  // The words of the real packages: see scripts/tfjs-node.mjs, which builds them.
  it('when tfjs-node was installed, but not built', async () => {
    const message =
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/lib/napi-v8/tfjs_binding.node. ' +
      "\\nPlease run command 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source'";
    const root = await project([CPU], {
      '@tensorflow/tfjs-node': `throw new Error("${message}");`,
    });
    const { refused } = await ask(root, { prefer: 'tensorflow' });
    expect(refused[0]?.code).toBe('not-built');
    expect(refused[0]?.cure).toContain('onlyBuiltDependencies');
    expect(refused[0]?.cure).toContain('pnpm rebuild @tensorflow/tfjs-node');
    expect(refused[0]?.cure).toContain('npm install-scripts approve @tensorflow/tfjs-node');
    expect(refused[0]?.cure).toContain('npm rebuild @tensorflow/tfjs-node');
  });

  it('when something that tfjs-node needs is missing, and names it', async () => {
    const root = await project([CPU], {
      '@tensorflow/tfjs-node': "require('@mapbox/node-pre-gyp');",
    });
    const { refused } = await ask(root, { prefer: 'tensorflow' });
    expect(refused[0]).toMatchObject({ code: 'did-not-start' });
    expect(refused[0]?.reason).toContain("Cannot find module '@mapbox/node-pre-gyp'");
  });

  it('when TensorFlow’s library is missing', async () => {
    const message = 'libtensorflow.so.2: cannot open shared object file: No such file or directory';
    const root = await project([CPU], {
      '@tensorflow/tfjs-node': `throw Object.assign(new Error('${message}'), { code: 'ERR_DLOPEN_FAILED' });`,
    });
    const { refused } = await ask(root, { prefer: 'tensorflow' });
    expect(refused[0]?.code).toBe('library-missing');
    expect(refused[0]?.reason).toContain('libtensorflow.so.2');
  });

  it('when tfjs-node-gpu sees no GPU', async () => {
    const root = await project([CPU], {
      '@tensorflow/tfjs-node-gpu': `
        const tf = require('@tensorflow/tfjs-core');
        require('${CPU}');
        const { MathBackendCPU } = require('${CPU}');
        tf.registerBackend('tensorflow', () => Object.assign(new MathBackendCPU(), {
          isUsingGpuDevice: false, binding: { TF_Version: '2.9.1' },
        }));`,
    });
    const { refused } = await ask(root, { prefer: 'tensorflow' });
    expect(refused[0]).toMatchObject({ code: 'no-gpu' });
    expect(refused[0]?.cure).toContain('CUDA 11.2');
    // Nor is tfjs-node tried then: two native runtimes in a process break it.
    await createBroken(root, '@tensorflow/tfjs-node', "console.error('loaded too');");
    expect((await ask(root, { prefer: 'tensorflow' })).refused[0]?.code).toBe('no-gpu');
  });

  it('when there is no Vulkan driver for webgpu', async ({ skip }) => {
    const places = ['XDG_DATA_HOME', 'XDG_DATA_DIRS', 'XDG_CONFIG_HOME', 'XDG_CONFIG_DIRS'];
    const none = {
      ...Object.fromEntries(places.map((place) => [place, '/none'])),
      VK_ICD_FILENAMES: '',
    };
    if (hasVulkanDriver({ ...process.env, ...none })) {
      skip('this machine has a Vulkan driver in /etc, which cannot be hidden');
    }
    const root = await project([CPU, WEBGPU, 'webgpu']);
    const { name, refused } = await ask(root, {}, none);
    expect(name).toBe('cpu');
    const refusal = refused.find(({ backend }) => backend === 'webgpu');
    expect(refusal?.code).toBe('no-adapter');
    expect(refusal?.cure).toContain('libvulkan1');
  });

  it('when the Vulkan drivers that there are do not work', async () => {
    const root = await project([CPU, WEBGPU, 'webgpu']);
    const { stdout } = await runModule(
      root,
      `const { useBackend } = await import('@fastweights/backends');
       await useBackend({ prefer: 'webgpu' }).catch((e) => console.log(e.refused[0].code));`,
      { VK_ICD_FILENAMES: '/none' },
    );
    expect(stdout).toBe('no-adapter\n');
  });

  it('when webgpu’s adapter only emulates a GPU, unless that is asked for', async ({ skip }) => {
    const driver = softwareVulkan();
    if (!driver) skip('no software Vulkan driver: apt-get install chromium libvulkan1');
    const root = await project([CPU, WEBGPU, 'webgpu']);
    const env = { VK_ICD_FILENAMES: driver as string };
    const { refused } = await ask(root, { prefer: 'webgpu' }, env);
    expect(refused[0]?.code).toBe('software-adapter');
    expect(refused[0]?.cure).toContain('{ software: true }');
    expect(await ask(root, { prefer: 'webgpu', software: true }, env)).toEqual({
      name: 'webgpu',
      refused: [],
    });
  });

  it('when npm webgpu cannot be loaded', async () => {
    const message = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found";
    const root = await project([CPU, WEBGPU], {
      webgpu: `throw Object.assign(new Error("${message}"), { code: 'ERR_DLOPEN_FAILED' });`,
    });
    const { refused } = await ask(root, { prefer: 'webgpu' });
    expect(refused[0]).toMatchObject({ code: 'library-missing' });
    expect(refused[0]?.reason).toContain('GLIBC_2.38');
  });
});

describe('the process of a user', { timeout: 30_000 }, () => {
  it('keeps its exit code for an uncaught error', async () => {
    const root = await project([CPU, WASM]);
    const start =
      "const { useBackend } = await import('@fastweights/backends'); await useBackend();";
    for (const failure of ["throw new Error('mine')", "Promise.reject(new Error('mine'))"]) {
      const { code, stderr } = await runModule(root, `${start} ${failure};`);
      expect([code, stderr.includes('mine')]).toEqual([1, true]);
    }
  });
});
