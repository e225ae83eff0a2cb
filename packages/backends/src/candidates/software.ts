import { type BackendName, BackendRefusal } from '../backend-error.ts';

/** Drivers that compute on the CPU what a GPU should. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

export function isSoftware(device: string): boolean {
  return SOFTWARE.test(device);
}

export function softwareRefusal(backend: BackendName, device: string): BackendRefusal {
  const cure =
    'It is slower than wasm; to take it all the same, pass { software: true } (--software on the command line).';
  return new BackendRefusal(backend, 'software-adapter', `${device} only emulates a GPU.`, cure);
}
