import { existsSync } from 'node:fs';
import path from 'node:path';

/** How this program was called, so that the commands it prints can be copied: `pnpm fastweights` in the repository. */
export function invocation(env: NodeJS.ProcessEnv = process.env): string {
  const script = env['npm_lifecycle_event'];
  if (script === 'npx') return 'npx fastweights';
  if (env['npm_package_name'] !== 'fastweights-repo') return 'fastweights';
  if (hasPnpm(env['PATH'] ?? '')) return 'pnpm fastweights';
  const pnpmVersion = /^pnpm\/(\S+)/.exec(env['npm_config_user_agent'] ?? '')?.[1] ?? 'latest';
  return `npx --yes pnpm@${pnpmVersion} fastweights`;
}

/** Whether a shell would find pnpm; what npx and scripts put on the PATH is gone when they end. */
function hasPnpm(searchPath: string): boolean {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => !/[\\/](_npx|node_modules)[\\/]/.test(`${folder}${path.sep}`))
    .some((folder) => ['pnpm', 'pnpm.cmd'].some((name) => existsSync(path.join(folder, name))));
}
