// Copies tfjs's .wasm files beside src/wasm-paths.browser.ts or its build, so that pages ship them:
// `copy-wasm.js src dist`.
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const from = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

for (const part of process.argv.slice(2)) {
  const to = fileURLToPath(new URL(`../${part}/generated/wasm/`, import.meta.url));
  mkdirSync(to, { recursive: true });
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if (!isSame(source, target)) copyFileSync(source, target);
  }
}

function isSame(source, target) {
  const size = statSync(target, { throwIfNoEntry: false })?.size;
  return size === statSync(source).size && readFileSync(target).equals(readFileSync(source));
}
