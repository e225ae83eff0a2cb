import { BackendRefusal } from './backend-error.ts';
import type { GpuAccess } from './gpu.node.ts';

/** The browser's own WebGPU, on a page or in a worker. */
export async function getGpu(): Promise<GpuAccess> {
  const { gpu } = navigator;
  if (!gpu) {
    const insecure = !globalThis.isSecureContext;
    throw new BackendRefusal(
      'webgpu',
      'no-adapter',
      insecure ? 'WebGPU is switched off on pages without https.' : 'This browser has no WebGPU.',
      insecure
        ? 'Serve the page by https or from localhost.'
        : 'Use a newer browser, or take webgl or wasm.',
    );
  }
  return {
    gpu,
    cureWithoutAdapter:
      'The browser has no driver that it trusts: see chrome://gpu or about:support; or take webgl or wasm.',
  };
}
