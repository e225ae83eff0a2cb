// Packs what proves the webgpu backend on a machine with a GPU and no network: Node, Dawn and one bundled script.
//   node scripts/gpu-check.mjs [folder]
// writes <folder>/gpu-check.tar.xz (default folder: .gpu-check, which git ignores). There:
//   mkdir /tmp/g && tar -xJf gpu-check.tar.xz -C /tmp/g && /tmp/g/run.sh result.json
// On Linux the machine needs the Vulkan loader (libvulkan1) and the GPU's driver. The result belongs into
// bench/results/, with the name of the machine.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(root, '.gpu-check'));
const unpacked = path.join(folder, 'unpacked');
rmSync(unpacked, { recursive: true, force: true });
mkdirSync(unpacked, { recursive: true });

await build({
  root: path.join(root, 'bench'),
  configFile: false,
  logLevel: 'warn',
  ssr: {
    noExternal: true,
    external: ['webgpu'],
    // The builds for Node, which are CommonJS: those for bundlers expect a browser.
    resolve: { mainFields: ['main'], conditions: ['@fastweights/source', 'node', 'import'] },
  },
  build: {
    ssr: path.join(root, 'bench/src/gpu-check.ts'),
    outDir: unpacked,
    emptyOutDir: true,
    rollupOptions: {
      output: {
        entryFileNames: 'check.mjs',
        chunkFileNames: '[name]-[hash].mjs',
        // The wasm backend looks for its files there.
        banner:
          "import { dirname as _d } from 'node:path'; import { fileURLToPath as _f } from 'node:url'; const __filename = _f(import.meta.url); const __dirname = _d(__filename);",
      },
    },
  },
});

const wasm = path.join(root, 'packages/backends/node_modules/@tensorflow/tfjs-backend-wasm/dist');
for (const kind of ['', '-simd', '-threaded-simd']) {
  const name = `tfjs-backend-wasm${kind}.wasm`;
  copyFileSync(path.join(wasm, name), path.join(unpacked, name));
}

const dawn = path.join(root, 'packages/backends/node_modules/webgpu');
const target = path.join(unpacked, 'node_modules/webgpu');
for (const part of ['package.json', 'index.js', `dist/${process.platform}-${process.arch}`]) {
  cpSync(path.join(dawn, part), path.join(target, part), { recursive: true, dereference: true });
}
copyFileSync(process.execPath, path.join(unpacked, 'node'));
const script = ['#!/bin/sh', 'exec "$(dirname "$0")/node" "$(dirname "$0")/check.mjs" "$@"', ''];
writeFileSync(path.join(unpacked, 'run.sh'), script.join('\n'));
for (const name of ['node', 'run.sh']) chmodSync(path.join(unpacked, name), 0o755);

const archive = path.join(folder, 'gpu-check.tar.xz');
execFileSync('tar', ['-cf', archive, '-I', 'xz -0 -T0', '-C', unpacked, '.']);
console.log(`${archive}: ${(statSync(archive).size / 2 ** 20).toFixed(1)} MiB`);
