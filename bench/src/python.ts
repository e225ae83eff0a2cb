import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ContenderUnavailable } from './errors.ts';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));
const environment = join(root, 'node_modules', '.cache', 'bench-peers');

let found: Promise<string[]> | undefined;

/**
 * A Python that can import a package: `BENCH_PYTHON`, else an environment of our own with PyTorch and JAX from PyPI, which
 * is made the first time, else the system's, which may have Debian's python3-torch.
 */
export async function pythonWith(module: string, tell: (text: string) => void): Promise<string> {
  found ??= candidates(tell);
  const tried: string[] = [];
  for (const python of await found) {
    const failure = await importFailure(python, module);
    if (failure === undefined) return python;
    tried.push(`${python}: ${failure}`);
  }
  throw new ContenderUnavailable(module, tried.join('; ') || 'there is no Python');
}

async function candidates(tell: (text: string) => void): Promise<string[]> {
  const given = process.env['BENCH_PYTHON'];
  if (given) return [given];
  const own = join(environment, 'bin', 'python');
  if (!existsSync(own)) await install(own, tell);
  return [own, '/usr/bin/python3', 'python3'].filter((path) => path !== own || existsSync(own));
}

/** What fails is told, and the next candidate tried. */
async function install(own: string, tell: (text: string) => void): Promise<void> {
  tell('Fetching PyTorch and JAX for the comparison, once; this takes minutes.');
  try {
    await run('python3', ['-m', 'venv', environment]);
  } catch (error) {
    tell(`No Python environment could be made: ${lastLine(error)}`);
    return;
  }
  // Apart, so that one can be had without the other.
  for (const packages of [['torch', 'numpy'], ['jax']]) {
    try {
      await run(own, ['-m', 'pip', 'install', '--quiet', ...packages], { maxBuffer: 1e8 });
    } catch (error) {
      tell(`${packages[0]} could not be installed: ${lastLine(error)}`);
    }
  }
}

async function importFailure(python: string, module: string): Promise<string | undefined> {
  try {
    await run(python, ['-c', `import numpy, ${module}`]);
    return undefined;
  } catch (error) {
    return lastLine(error);
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return (text.trim() || String(error)).split('\n').at(-1) ?? '';
}
