import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const NAMED_BY = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'];

/**
 * Whether the Vulkan loader will find a description of any driver, where it looks for them on Linux. Dawn complains on
 * stderr, past all handlers, when it does not; so it is not asked then.
 */
export function hasVulkanDriver(env: NodeJS.ProcessEnv = process.env): boolean {
  if (NAMED_BY.some((name) => env[name])) return true;
  const data = [
    env['XDG_DATA_HOME'] ?? path.join(homedir(), '.local/share'),
    ...(env['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(':'),
  ];
  const config = [
    env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'),
    ...(env['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':'),
    '/etc',
  ];
  return [...data, ...config].some((root) => holdsDescription(path.join(root, 'vulkan/icd.d')));
}

function holdsDescription(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.json'));
  } catch {
    return false;
  }
}
