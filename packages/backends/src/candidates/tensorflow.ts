import { createRequire } from 'node:module';
import util from 'node:util';
import { backend, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { BackendRefusal, type RefusalCode } from '../backend-error.ts';
import {
  type Candidate,
  didNotStart,
  importOptional,
  type StartedBackend,
  TFJS_VERSION,
} from '../candidate.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;
type PackageName = (typeof PACKAGES)[number];

const NOTHING_LOADED: readonly RefusalCode[] = ['not-installed', 'not-built', 'library-missing'];

/** TensorFlow's C library, with CUDA where tfjs-node-gpu is installed and really sees a GPU. */
export const tensorflow: Candidate = {
  name: 'tensorflow',
  async start() {
    const refusals: BackendRefusal[] = [];
    for (const packageName of PACKAGES) {
      try {
        return await startFrom(packageName);
      } catch (error) {
        // Once one library is loaded, the other must not be: a process bears a single native runtime.
        if (!(error instanceof BackendRefusal) || !NOTHING_LOADED.includes(error.code)) throw error;
        refusals.push(error);
      }
    }
    throw refusals.find(({ code }) => code !== 'not-installed') ?? neitherInstalled();
  },
};

function neitherInstalled(): BackendRefusal {
  const reason = 'Neither tfjs-node-gpu nor tfjs-node is installed.';
  const [gpu, plain] = PACKAGES.map((name) => `npm install ${name}@${TFJS_VERSION}`);
  const cure = `With an NVIDIA GPU: ${gpu}; without: ${plain}`;
  return new BackendRefusal('tensorflow', 'not-installed', reason, cure);
}

interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

async function startFrom(packageName: PackageName): Promise<StartedBackend> {
  restoreUtil();
  try {
    await importOptional('tensorflow', [`${packageName}@${TFJS_VERSION}`], () => load(packageName));
  } catch (error) {
    throw error instanceof BackendRefusal ? error : explain(packageName, error as Error);
  }
  if (!(await setBackend('tensorflow')) || getBackend() !== 'tensorflow') {
    throw didNotStart('tensorflow', `tfjs did not take ${packageName}`);
  }
  const { isUsingGpuDevice, binding } = backend() as unknown as NodeBackend;
  if (packageName === '@tensorflow/tfjs-node-gpu' && !isUsingGpuDevice) {
    throw new BackendRefusal(
      'tensorflow',
      'no-gpu',
      `${packageName} is installed, but TensorFlow sees no GPU.`,
      'It needs an NVIDIA driver, CUDA 11.2 and cuDNN 8.1 where the loader finds them (nvidia-smi, ldconfig -p); ' +
        'without a GPU, install @tensorflow/tfjs-node instead, or take wasm.',
    );
  }
  const device = isUsingGpuDevice ? 'an NVIDIA GPU' : 'the CPU';
  return {
    packageName,
    version: TFJS_VERSION,
    device: `TensorFlow ${binding.TF_Version} on ${device}`,
  };
}

/** CommonJS throughout, so `require` says what is wrong more plainly than `import`. */
async function load(packageName: PackageName): Promise<unknown> {
  return createRequire(import.meta.url)(packageName);
}

/** Node 23 took away two helpers that tfjs-node 4.22 still calls. */
function restoreUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
}

function explain(packageName: PackageName, error: Error): BackendRefusal {
  const refuse = (code: RefusalCode, reason: string, cure: string): BackendRefusal =>
    new BackendRefusal('tensorflow', code, reason, cure, { cause: error });
  if (/native addon module .* can not be found/.test(error.message)) {
    return refuse(
      'not-built',
      `${packageName} is installed, but its native part was not built: its install script did not run.`,
      `Allow it and build: with pnpm, pnpm approve-builds (or list ${packageName} under onlyBuiltDependencies in ` +
        `pnpm-workspace.yaml), then pnpm rebuild ${packageName}; with npm 12, npm install-scripts approve ` +
        `${packageName}, then npm rebuild ${packageName}; with npm 11 or older, npm rebuild ${packageName}.`,
    );
  }
  const missing = /^(\S+): cannot open shared object|Library not loaded: (\S+)/.exec(error.message);
  if (missing || (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED') {
    const name = missing?.[1] ?? missing?.[2];
    return refuse(
      'library-missing',
      `${packageName} is built, but ${name ? `${name} cannot be found` : `does not load: ${error.message}`}.`,
      `Build it anew (npm rebuild ${packageName}), or put the library where the loader finds it.`,
    );
  }
  return didNotStart('tensorflow', `${packageName} says: ${error.message}`, error);
}
