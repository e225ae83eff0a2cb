import { execFileSync } from 'node:child_process';

export interface SmallDisk {
  makeReadOnly(): void;
  unmount(): void;
}

/** Why a test is skipped where there can be no such disk. */
export const NO_SMALL_DISK = 'only who may mount file systems can fill one, or make it read-only';

/** Puts a file system of so many kibibytes into a folder; undefined where this machine does not let us. */
export function mountSmallDisk(folder: string, kibibytes: number): SmallDisk | undefined {
  const mount = (...args: string[]): unknown => execFileSync('mount', args, { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', folder);
  } catch {
    return undefined;
  }
  return {
    makeReadOnly: () => mount('-o', 'remount,ro', folder),
    unmount: () => execFileSync('umount', [folder]),
  };
}
