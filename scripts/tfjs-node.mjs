// Builds tfjs-node's addon from its own sources against a real TensorFlow, in a folder that may be thrown away.
//
//   node scripts/tfjs-node.mjs [--folder <folder>] [--if-built]
//
// Exit code 0: built, now or before; the last line says where, and which TensorFlow.
//           3: skipped, with the reason in one line; with --if-built also where nothing is built yet.
//           1: failed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildAddon, installTfjsNode, TFJS_VERSION, tryAddon } from './tfjs-node/addon.mjs';
import { completeFolder, Failure, Skipped } from './tfjs-node/steps.mjs';
import { TENSORFLOW_VERSION, unpackTensorFlow } from './tfjs-node/tensorflow.mjs';

const cache = fileURLToPath(
  new URL('../node_modules/.cache/fastweights/tfjs-node', import.meta.url),
);

try {
  const { values } = parseArgs({
    options: { folder: { type: 'string', default: cache }, 'if-built': { type: 'boolean' } },
  });
  const { project, version } = await build(path.resolve(values.folder), values['if-built']);
  console.log(`built: ${project} (tfjs-node ${TFJS_VERSION} on TensorFlow ${version})`);
} catch (error) {
  if (error instanceof Skipped) console.log(`skipped: ${error.message}`);
  else console.error('failed:', isExplained(error) ? error.message : error);
  process.exitCode = error instanceof Skipped ? 3 : 1;
}

function isExplained(error) {
  return error instanceof Failure || error.code?.startsWith('ERR_PARSE_ARGS');
}

async function build(folder, onlyIfBuilt) {
  const tensorflow = path.join(folder, `tensorflow-${TENSORFLOW_VERSION}`);
  const project = path.join(folder, `tfjs-node-${TFJS_VERSION}-tensorflow-${TENSORFLOW_VERSION}`);
  if (onlyIfBuilt && !existsSync(project)) {
    throw new Skipped('tfjs-node is not built; run node scripts/tfjs-node.mjs');
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Skipped(`only Linux on x64, not ${process.platform} on ${process.arch}`);
  }
  await completeFolder(tensorflow, unpackTensorFlow);
  await completeFolder(project, async (unfinished) => {
    await installTfjsNode(unfinished);
    await buildAddon(unfinished, tensorflow);
    await tryAddon(unfinished);
  });
  const version = await tryAddon(project).catch((error) => {
    throw new Failure(`what was built does not work; remove ${folder}\n${error.message}`);
  });
  return { project, version };
}
