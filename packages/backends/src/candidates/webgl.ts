import {
  backend,
  engine,
  env,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import { BackendRefusal } from '../backend-error.ts';
import { type Candidate, didNotStart, importOptional, TFJS_VERSION } from '../candidate.ts';
import { isSoftware, softwareRefusal } from './software.ts';

const PACKAGE = '@tensorflow/tfjs-backend-webgl';

interface WebGlBackend {
  readonly gpgpu: { readonly gl: WebGLRenderingContext };
}

/** The GPU of a browser that has no WebGPU. */
export const webgl: Candidate = {
  name: 'webgl',
  async start({ software }) {
    const { MathBackendWebGL, version_webgl } = await importOptional(
      'webgl',
      [`${PACKAGE}@${TFJS_VERSION}`],
      () => import('@tensorflow/tfjs-backend-webgl'),
    );
    // Small ops would run on the CPU and prove nothing about the device.
    env().set('WEBGL_CPU_FORWARD', false);
    // Whether an emulated GPU will do is decided below, by its name.
    env().set('SOFTWARE_WEBGL_ENABLED', true);
    const earlier = engine().registry['webgl'] as unknown as WebGlBackend | undefined;
    if (earlier?.gpgpu.gl.isContextLost()) {
      removeBackend('webgl');
      registerBackend('webgl', () => new MathBackendWebGL(), 2);
    }
    let started = false;
    try {
      started = (await setBackend('webgl')) && getBackend() === 'webgl';
    } catch (error) {
      throw didNotStart('webgl', (error as Error).message, error);
    }
    if (!started) {
      const cure = 'Switch hardware acceleration on in the browser, or take wasm.';
      throw new BackendRefusal('webgl', 'no-gpu', 'The browser gives no WebGL context.', cure);
    }
    const { gl } = (backend() as unknown as WebGlBackend).gpgpu;
    const device = renderer(gl);
    if (isSoftware(device) && !software) throw softwareRefusal('webgl', device);
    return { packageName: PACKAGE, version: version_webgl, device, lost: contextLost(gl) };
  },
};

function renderer(gl: WebGLRenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

function contextLost({ canvas }: WebGLRenderingContext): Promise<string> {
  return new Promise((resolve) => {
    canvas.addEventListener('webglcontextlost', (event) => {
      resolve((event as WebGLContextEvent).statusMessage || 'the browser took its context away');
    });
  });
}
