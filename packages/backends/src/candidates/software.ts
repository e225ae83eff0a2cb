/** Drivers that compute on the CPU what a GPU should. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

export function isSoftware(device: string): boolean {
  return SOFTWARE.test(device);
}
