import { existsSync } from 'node:fs';

/** Where Debian's packages put drivers that emulate a GPU: Chromium's SwiftShader. */
const DRIVERS = ['/usr/lib/chromium/vk_swiftshader_icd.json'];

/** Where Debian and others put the loader that Dawn asks for drivers. */
const LOADERS = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].flatMap((folder) =>
  ['/usr/lib', '/lib', '/usr/lib64'].map((root) => `${root}/${folder}libvulkan.so.1`),
);

/** Points the Vulkan loader of this process at a software driver; undefined where one of the two is missing. */
export function softwareVulkan(): string | undefined {
  if (!LOADERS.some((file) => existsSync(file))) return undefined;
  const found = process.env['VK_ICD_FILENAMES'] ?? DRIVERS.find((file) => existsSync(file));
  if (found) process.env['VK_ICD_FILENAMES'] = found;
  return found;
}
