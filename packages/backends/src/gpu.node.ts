import { BackendRefusal } from './backend-error.ts';
import { importOptional } from './candidate.ts';
import { hasVulkanDriver } from './vulkan-drivers.ts';

export interface GpuAccess {
  readonly gpu: GPU;
  readonly cureWithoutAdapter: string;
}

/** Pinned: those before it need a newer C library than Debian 12 has. */
const PACKAGE = 'webgpu@0.6.2';

const CURE_WITHOUT_ADAPTER =
  "Install the GPU's driver, with Vulkan on Linux (and libvulkan1), Metal on macOS, D3D12 on Windows; " +
  'on Linux, vulkaninfo --summary shows what there is.';

let access: Promise<GpuAccess> | undefined;

/**
 * WebGPU in Node: Dawn, from npm `webgpu`. Its instance is kept for the whole process, which crashes without it, and
 * is put where tfjs looks for it.
 */
export function getGpu(): Promise<GpuAccess> {
  access ??= load().catch((error: unknown) => {
    access = undefined;
    throw error;
  });
  return access;
}

async function load(): Promise<GpuAccess> {
  const { create, globals } = await importOptional(
    'webgpu',
    [PACKAGE],
    () => import('webgpu'),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof BackendRefusal) throw error;
    const reason = `npm ${PACKAGE} cannot be loaded: ${error.message}`;
    const cure = 'It needs glibc 2.36 or newer on Linux; npm rebuild webgpu, or take wasm.';
    throw new BackendRefusal('webgpu', 'library-missing', reason, cure, { cause: error });
  });
  if (process.platform === 'linux' && !hasVulkanDriver()) {
    const reason = 'No Vulkan driver is installed.';
    throw new BackendRefusal('webgpu', 'no-adapter', reason, CURE_WITHOUT_ADAPTER);
  }
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const navigator = (globalThis.navigator ?? {}) as Navigator & { gpu?: GPU };
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  if (!globalThis.navigator) {
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  }
  return { gpu, cureWithoutAdapter: CURE_WITHOUT_ADAPTER };
}
