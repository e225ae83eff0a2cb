import { existsSync, realpathSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, step } from './steps.mjs';

export const TFJS_VERSION = '4.22.0';
const NODE_GYP_VERSION = '11.5.0';

const packageFolder = (project) => path.join(project, 'node_modules/@tensorflow/tfjs-node');

/** Its install script is left out: it would download another TensorFlow. */
export async function installTfjsNode(project) {
  const dependencies = { '@tensorflow/tfjs-node': TFJS_VERSION, 'node-gyp': NODE_GYP_VERSION };
  await writeFile(
    path.join(project, 'package.json'),
    JSON.stringify({ private: true, dependencies }, null, 2),
  );
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await step(`installing tfjs-node ${TFJS_VERSION}`, () =>
    run('npm', ['install', '--ignore-scripts', ...quiet], { cwd: project }),
  );
}

export async function buildAddon(project, tensorflow) {
  const cwd = packageFolder(project);
  // Relative, so that it still holds when the project gets its final name.
  await symlink(path.relative(cwd, tensorflow), path.join(cwd, 'deps'));
  const modules = path.join(project, 'node_modules');
  const script = path.join(modules, '@mapbox/node-pre-gyp/bin/node-pre-gyp');
  await step('building its addon', () =>
    run(process.execPath, [script, 'install', '--build-from-source'], {
      cwd,
      env: {
        npm_config_node_gyp: path.join(modules, 'node-gyp/bin/node-gyp.js'),
        ...headersOfNode(),
      },
    }),
  );
}

/** Where the running Node has its headers beside it they are taken; else node-gyp downloads them. */
function headersOfNode() {
  const prefix = path.dirname(path.dirname(realpathSync(process.execPath)));
  const found = existsSync(path.join(prefix, 'include/node/node_api.h'));
  return found ? { npm_config_nodedir: prefix } : {};
}

const TRIAL = `
const assert = require('node:assert');
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value == null; // Node 23 took it away, and tfjs-node calls it.
const tf = require('@tensorflow/tfjs-node');
const a = tf.tensor2d([[1, 2], [3, 4]]);
assert.deepEqual([...tf.matMul(a, tf.tensor2d([[5, 6], [7, 8]])).dataSync()], [19, 22, 43, 50]);
assert.deepEqual([...tf.grad((x) => tf.sum(tf.square(x)))(a).dataSync()], [2, 4, 6, 8]);
assert.equal(tf.getBackend(), 'tensorflow');
console.log(tf.backend().binding.TF_Version);
`;

/** Computes with it in a process of its own; returns the version of TensorFlow that answered. */
export async function tryAddon(project) {
  const version = await run(process.execPath, ['-e', TRIAL], { cwd: project });
  return version.trim();
}
