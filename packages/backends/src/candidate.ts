import { type BackendName, BackendRefusal } from './backend-error.ts';

interface StartOptions {
  /** Whether a GPU that is only emulated may be taken. */
  readonly software: boolean;
}

/** A backend that has come up and is tfjs's active one. */
export interface StartedBackend {
  /** The npm package that it comes from. */
  readonly packageName: string;
  readonly version: string;
  /** What computes, in words. */
  readonly device: string;
  /** Runs a piece of work and answers with what the device complained about meanwhile. */
  complaintsDuring?(work: () => Promise<void>): Promise<string | undefined>;
  /** Resolves with a reason when the device is lost; never, as long as it is not. */
  readonly lost?: Promise<string>;
}

/** A backend that may be tried. Nothing of it is imported before `start`. */
export interface Candidate {
  readonly name: BackendName;
  /** @throws BackendRefusal */
  start(options: StartOptions): Promise<StartedBackend>;
}

/** What tfjs 4.22 is installed with; other versions of its packages do not fit together. */
export const TFJS_VERSION = '4.22.0';

/** Imports an optional package, or says that it is not there. */
export async function importOptional<Module>(
  backend: BackendName,
  packages: readonly string[],
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const missing = isMissing(error, packages);
    const install = `Install it: npm install ${packages.join(' ')}`;
    if (missing) {
      const names = packages.map(withoutVersion).join(' and ');
      throw new BackendRefusal(backend, 'not-installed', `${names} cannot be found.`, install, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Whether it is the package itself that is missing, and not something that it needs. */
function isMissing(error: unknown, packages: readonly string[]): boolean {
  const { message = '' } = error as { message?: string };
  return packages.map(withoutVersion).some(
    (name) =>
      message.startsWith(`Cannot find package '${name}'`) ||
      message.startsWith(`Cannot find module '${name}'`) ||
      // Vite, and browsers without a bundler.
      message.startsWith(`Could not resolve "${name}"`) ||
      (message.startsWith('Failed to resolve module specifier') && message.includes(name)),
  );
}

const withoutVersion = (name: string): string => name.replace(/(?!^)@[\d.]+$/, '');

/** Refuses a backend that tfjs did not really start: it answers false, or goes on elsewhere without a word. */
export function didNotStart(backend: BackendName, why: string, cause?: unknown): BackendRefusal {
  const cure = 'Take another backend, or see what it says when it is started by itself.';
  return new BackendRefusal(backend, 'did-not-start', `It did not start: ${why}.`, cure, { cause });
}
