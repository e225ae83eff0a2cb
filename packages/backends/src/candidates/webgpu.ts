import {
  engine,
  env,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
  version_core,
} from '@tensorflow/tfjs-core';
import { getGpu } from '#gpu';
import { BackendRefusal } from '../backend-error.ts';
import { type Candidate, didNotStart, importOptional, TFJS_VERSION } from '../candidate.ts';
import { isSoftware, softwareRefusal } from './software.ts';

const PACKAGE = '@tensorflow/tfjs-backend-webgpu';

/** tfjs's own choice of limits, raised to what the adapter has; and room for the bindings of fused kernels. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;

/** What tfjs computes on until it is lost: models that live there outlast another call. */
let current: GPUDevice | undefined;

/** A GPU through WebGPU: the browser's own, or in Node Dawn's (npm `webgpu`). */
export const webgpu: Candidate = {
  name: 'webgpu',
  async start({ software }) {
    const { gpu, cureWithoutAdapter } = await getGpu();
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) {
      const reason = 'WebGPU is there, but gives no adapter.';
      throw new BackendRefusal('webgpu', 'no-adapter', reason, cureWithoutAdapter);
    }
    const device = describe(adapter);
    if (isFallback(adapter) && !software) throw softwareRefusal('webgpu', device);
    const { WebGPUBackend } = await importOptional(
      'webgpu',
      [`${PACKAGE}@${TFJS_VERSION}`],
      () => import('@tensorflow/tfjs-backend-webgpu'),
    );
    // Small ops would run on the CPU, reading synchronously, and prove nothing about the device.
    env().set('WEBGPU_CPU_FORWARD', false);
    // A device of our own: with the adapter's limits, and to be told of its loss.
    const isRegistered = current !== undefined && 'webgpu' in engine().registryFactory;
    const gpuDevice = current ?? (await requestDevice(adapter));
    if (!isRegistered) {
      if ('webgpu' in engine().registryFactory) removeBackend('webgpu');
      registerBackend('webgpu', () => new WebGPUBackend(gpuDevice, adapter.info), 3);
      current = gpuDevice;
      gpuDevice.lost.then(() => {
        if (current === gpuDevice) current = undefined;
      });
    }
    if (!(await setBackend('webgpu')) || getBackend() !== 'webgpu') {
      throw didNotStart('webgpu', 'tfjs did not take it');
    }
    return {
      packageName: PACKAGE,
      version: version_core,
      device,
      complaintsDuring: (work) => complaintsDuring(gpuDevice, work),
      lost: gpuDevice.lost.then(({ reason, message }) => message || reason),
    };
  },
};

function isFallback(adapter: GPUAdapter): boolean {
  const { isFallbackAdapter = false } = adapter.info as { isFallbackAdapter?: boolean };
  return isFallbackAdapter || isSoftware(describe(adapter));
}

function describe({ info }: GPUAdapter): string {
  const words = [info.description || info.device, info.vendor, info.architecture].filter(Boolean);
  return words.length > 0 ? words.join(', ') : 'an adapter without a name';
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const limits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name] as number]));
  try {
    return await adapter.requestDevice({ requiredLimits: limits });
  } catch (error) {
    throw didNotStart('webgpu', (error as Error).message, error);
  }
}

/** Errors in shaders and commands are reported to nobody who does not ask: the result is zeros. */
async function complaintsDuring(
  device: GPUDevice,
  work: () => Promise<void>,
): Promise<string | undefined> {
  const scopes = ['validation', 'out-of-memory', 'internal'] as const;
  for (const scope of scopes) device.pushErrorScope(scope);
  let failure: unknown;
  await work().catch((error: unknown) => {
    failure = error;
  });
  const errors = await Promise.all(scopes.map(() => device.popErrorScope()));
  const complaint = errors.find((error) => error !== null)?.message;
  if (complaint === undefined && failure !== undefined) throw failure;
  return complaint;
}
