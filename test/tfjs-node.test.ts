import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject, type ProcessResult, runModule } from '../packages/testing/src/index.ts';
import { readWorkspace, root } from './workspace.ts';

interface CheckResult {
  readonly name: string;
  readonly error?: string;
}

// The real thing: scripts/tfjs-node.mjs builds it, which takes half a minute, 190 MB from PyPI and 860 MB on disk. So the
// tests do that only where FASTWEIGHTS_TFJS_NODE=1 says so, as .ci/run does, and else take what is there.
describe('tfjs-node on a real TensorFlow', { timeout: 120_000 }, () => {
  let project: string | undefined;
  let whyNot = '';
  let folder: string | undefined;

  beforeAll(async () => {
    const mayBuild = process.env['FASTWEIGHTS_TFJS_NODE'] === '1';
    const script = fileURLToPath(import.meta.resolve('../scripts/tfjs-node.mjs'));
    const { code, stdout, stderr } = await node([script, ...(mayBuild ? [] : ['--if-built'])]);
    const built = /^built: (.+) \(/m.exec(stdout)?.[1];
    if (built) {
      folder = await mkdtemp(path.join(tmpdir(), 'fastweights-tfjs-node-'));
      project = await createOurProject(folder, built);
    } else if (code === 3) {
      whyNot = /^skipped: (.+)/m.exec(stdout)?.[1] ?? stdout;
    } else {
      throw new Error(`scripts/tfjs-node.mjs: exit code ${code}\n${stdout}${stderr}`);
    }
  }, 900_000);

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('is the backend that useBackend({ prefer: "tensorflow" }) takes', async ({ skip }) => {
    if (!project) return skip(whyNot);
    const { stdout, stderr } = await runModule(
      project,
      `
      import { createRequire } from 'node:module';
      import { useBackend } from '@fastweights/backends';
      import { getBackend, Tensor } from '@tensorflow/tfjs-core';
      const { name, packageName, device, refused } = await useBackend({ prefer: 'tensorflow' });
      const ownCore = createRequire(process.cwd() + '/')('@tensorflow/tfjs-node').Tensor !== Tensor;
      const active = getBackend();
      console.log(JSON.stringify({ name, packageName, device, refused, active, ownCore }));
      `,
    );
    expect(stdout, stderr).toMatch(/^\{/m);
    expect(lines(stdout)).toEqual([
      {
        name: 'tensorflow',
        packageName: '@tensorflow/tfjs-node',
        device: expect.stringMatching(/^TensorFlow 2\.\d+\.\d+ on the CPU$/),
        refused: [],
        active: 'tensorflow',
        ownCore: false,
      },
    ]);
  });

  it('keeps the contract of the backends', async ({ skip }) => {
    if (!project) return skip(whyNot);
    const { stdout, stderr } = await runModule(
      project,
      `
      import { useBackend } from '@fastweights/backends';
      import { contract } from '@fastweights/contract';
      import { getBackend } from '@tensorflow/tfjs-core';
      await useBackend({ prefer: 'tensorflow' });
      for (const check of contract) {
        const report = { name: check.name };
        try {
          await check.run();
          if (getBackend() !== 'tensorflow') report.error = getBackend() + ' is active afterwards';
        } catch (error) {
          report.error = String(error?.message ?? error);
        }
        console.log(JSON.stringify(report));
      }
      console.log(JSON.stringify({ name: contract.length + ' checks' }));
      `,
    );
    const results = lines(stdout) as CheckResult[];
    const checks = results.slice(0, -1);
    expect(checks.length, stderr).toBeGreaterThan(0);
    expect(results.at(-1)?.name, `not all checks have run\n${stderr}`).toBe(
      `${checks.length} checks`,
    );
    expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});

/** Our packages are copied there, so that the one tfjs-core is that of tfjs-node. */
async function createOurProject(folder: string, built: string): Promise<string> {
  const ours = readWorkspace().filter(
    ({ folder, manifest }) =>
      folder.startsWith('packages/') && manifest.name !== '@fastweights/testing',
  );
  const copied = ours.map(({ folder, manifest }) => [manifest.name, path.join(root, folder)]);
  const linked = new Map([['@tensorflow/tfjs-node', installed(built, '@tensorflow/tfjs-node')]]);
  for (const { folder, manifest } of ours) {
    const needed = { ...manifest.peerDependencies, ...manifest.dependencies };
    for (const name of Object.keys(needed).filter((name) => !name.startsWith('@fastweights/'))) {
      const there = installed(built, name);
      if (existsSync(there)) linked.set(name, there);
      else if (manifest.dependencies?.[name])
        linked.set(name, installed(path.join(root, folder), name));
    }
  }
  return createProject(folder, {
    copied: Object.fromEntries(copied),
    linked: Object.fromEntries(linked),
  });
}

const installed = (project: string, name: string): string =>
  path.join(project, 'node_modules', name);

const lines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

function node(args: readonly string[]): Promise<ProcessResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
