import '@fastweights/core/gradients';
import { checkChoice, checkKeys, FastWeightsError } from '@fastweights/core';
import { enableProdMode, getBackend, ready } from '@tensorflow/tfjs-core';
import { type BackendName, candidates } from './candidates.ts';

export interface UseBackendOptions {
  /** Take this backend or fail; without it, the first that starts is taken. */
  readonly prefer?: BackendName;
}

export interface BackendChoice {
  readonly name: BackendName;
  /** What was tried before, and why it was not taken. */
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly name: BackendName;
  readonly reason: string;
}

/** No backend, or not the one asked for, could be started; `refused` has the reasons and their cures. */
export class BackendError extends FastWeightsError {
  readonly refused: readonly Refusal[];

  constructor(refused: readonly Refusal[]) {
    const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('\n  ');
    super('backend', `No backend could be started.\n  ${reasons}`);
    this.refused = refused;
  }
}

/**
 * Makes tfjs ready to train: starts a backend (wasm, else cpu) and registers the gradients.
 *
 * @throws BackendError
 */
export async function useBackend(options: UseBackendOptions = {}): Promise<BackendChoice> {
  checkKeys('useBackend', options, ['prefer']);
  const names = Object.keys(candidates) as BackendName[];
  if (options.prefer !== undefined) checkChoice('prefer', options.prefer, names);
  enableProdMode();
  const refused: Refusal[] = [];
  for (const name of options.prefer ? [options.prefer] : names) {
    const reason = await start(name);
    if (reason === undefined) return { name, refused };
    refused.push({ name, reason });
  }
  throw new BackendError(refused);
}

/** Why a backend cannot be used; undefined when it runs. */
async function start(name: BackendName): Promise<string | undefined> {
  const { packageName, start } = candidates[name];
  try {
    // tfjs answers false, or goes on elsewhere without a word, when a backend does not come up.
    if ((await start()) && getBackend() === name) {
      await ready();
      return undefined;
    }
    return `${packageName} is installed, but did not start`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_MODULE_NOT_FOUND'
      ? `${packageName} is not installed; add it with: npm install ${packageName}@4.22.0`
      : `${packageName} failed to start: ${message}`;
  }
}
